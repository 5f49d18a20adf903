import type { JsonObject } from '../../core/json.ts'
import type { Engine } from '../../runtime/engine.ts'
import type { NodeType } from '../../sdk/node-type.ts'
import { listNodeTypes, type NodeTypeInfo } from '../contract/node-types.ts'
import { type BoundRoute, handle } from '../handler.ts'
import { present } from '../views/present.ts'

interface Deps {
  engine: Engine
  /** README text by node type. */
  help: ReadonlyMap<string, string>
}

export function nodeTypeRoutes({ engine, help }: Deps): BoundRoute[] {
  return [
    handle(listNodeTypes, () => ({
      items: [...engine.nodeTypes.values()].map((type) => nodeTypeView(type, help.get(type.type))),
    })),
  ]
}

function nodeTypeView(type: NodeType, help: string | undefined): NodeTypeInfo {
  const { ports } = type
  return present({
    type: type.type,
    version: type.version,
    title: type.title,
    summary: type.summary,
    icon: type.icon,
    group: type.group,
    config: type.config as JsonObject,
    output: type.output as JsonObject | undefined,
    ports: ports && 'fixed' in ports ? { fixed: [...ports.fixed] } : portsPerItem(ports),
    effect: type.effect,
    inline: type.inline ?? false,
    container: type.container,
    idempotent: type.idempotent ?? false,
    waits: type.waits ?? false,
    risks: type.risks !== undefined,
    help,
  })
}

function portsPerItem(ports: Exclude<NodeType['ports'], { fixed: readonly string[] }>) {
  if (!ports) return undefined
  return present({ each: ports.each, name: ports.name, plus: ports.plus ? [...ports.plus] : undefined })
}
