// The ports a node offers, from its type's description and its config.
import type { NodeDocument } from '../../core/document.ts'
import { isJsonObject } from '../../core/json.ts'
import type { Ports } from '../../sdk/node-type.ts'

export function portsOf(node: NodeDocument, ports: Ports | undefined): string[] {
  const own = ports === undefined ? ['out'] : 'fixed' in ports ? [...ports.fixed] : listedPorts(node, ports)
  return node.policy?.onError === 'branch' ? [...own, 'error'] : own
}

function listedPorts(node: NodeDocument, ports: Extract<Ports, { each: string }>): string[] {
  const list = ports.each
    .split('/')
    .slice(1)
    .reduce<unknown>((value, key) => (isJsonObject(value) ? value[key] : undefined), node.config ?? {})
  const names = Array.isArray(list) ? list.map((item) => portName(item, ports.name)) : []
  return [...names, ...(ports.plus ?? [])]
}

function portName(item: unknown, field: string): string {
  return isJsonObject(item) ? String(item[field] ?? '') : String(item)
}
