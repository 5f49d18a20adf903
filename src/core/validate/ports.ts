// Edges leave by ports that exist; what no port leads to is never reached.

import type { NodeDocument } from '../document.ts'
import { isJsonObject } from '../json.ts'
import { type Check, type LocatedNode, type NodeTypeFacts, report } from './context.ts'
import type { Links } from './graph.ts'

const errorPort = 'error'

interface PortedNode {
  node: NodeDocument
  facts?: Pick<NodeTypeFacts, 'ports' | 'container'> | undefined
}

/** The ports of a node; undefined when its type is unknown. */
export function portsOf({ node, facts }: PortedNode): string[] | undefined {
  if (!facts) return undefined
  const { ports } = facts
  const isWhole = node.bind !== undefined || facts.container !== undefined
  const own = isWhole || !ports ? ['out'] : 'fixed' in ports ? [...ports.fixed] : listed(node.config, ports)
  return node.policy?.onError === 'branch' ? [...own, errorPort] : own
}

type ListedPorts = { each: string; name: string; plus?: readonly string[] | undefined }

function listed(config: unknown, ports: ListedPorts): string[] {
  return [...itemNames(config, ports).filter((name) => name !== undefined), ...(ports.plus ?? [])]
}

function itemNames(config: unknown, { each, name }: ListedPorts): (string | undefined)[] {
  let value: unknown = config
  for (const key of each.split('/').slice(1)) value = isJsonObject(value) ? value[key] : undefined
  if (!Array.isArray(value)) return []
  return value.map((item: unknown) =>
    isJsonObject(item) && typeof item[name] === 'string' ? item[name] : undefined,
  )
}

export function checkPorts(check: Check, links: Links): void {
  const ports = new Map([...check.nodes].map(([id, located]) => [id, portsOf(located)]))
  for (const located of check.nodes.values()) {
    checkNames(check, located)
    const known = ports.get(located.node.id)
    for (const edge of links.outbound.get(located.node.id) ?? []) {
      const port = edge.port ?? 'out'
      if (!known || known.includes(port)) continue
      const message = explain(located, port, known)
      report(check, { code: 'unknown-port', message, pointer: portPointer(edge), node: located.node.id })
    }
  }
  checkReach(check, links, ports)
}

const portPointer = ({ index, port }: { index: number; port?: string }) =>
  port === undefined ? `/edges/${index}` : `/edges/${index}/port`

function explain({ node }: LocatedNode, port: string, known: readonly string[]): string {
  if (port === errorPort) return `${node.id} has the port error only when its policy says onError: branch`
  const list = known.length > 0 ? `it has ${known.join(', ')}` : 'nothing follows it'
  const bound = node.bind ? '; a node with a binding has no ports of its own' : ''
  return `${node.id} has no port ${port}; ${list}${bound}`
}

/** Two ports of one name: the second would never be taken. */
function checkNames(check: Check, { node, facts, pointer }: LocatedNode): void {
  const ports = facts?.ports
  if (!ports || 'fixed' in ports) return
  const seen = new Set<string>()
  for (const [index, name] of itemNames(node.config, ports).entries()) {
    if (name === undefined) continue
    if (seen.has(name)) {
      const at = `${pointer}/config${ports.each}/${index}/${ports.name}`
      const message = `Two ports of ${node.id} are called ${name}`
      report(check, { code: 'duplicate-name', message, pointer: at, node: node.id })
    }
    seen.add(name)
  }
}

type PortTable = ReadonlyMap<string, readonly string[] | undefined>

/** In order, so that each node knows whether those before it are reached. */
function checkReach(check: Check, links: Links, ports: PortTable): void {
  const unreached = new Set<string>()
  for (const id of links.ordered) {
    const inbound = links.inbound.get(id) ?? []
    if (inbound.length === 0) continue
    const isReached = inbound.some(({ from, port = 'out' }) => {
      const known = ports.get(from)
      return !unreached.has(from) && (known === undefined || known.includes(port))
    })
    if (isReached) continue
    unreached.add(id)
    const message = `${id} is never reached: no edge to it comes from a port that can be taken`
    const pointer = check.nodes.get(id)?.pointer ?? '/nodes'
    report(check, { code: 'unreachable', message, pointer, node: id })
  }
}
