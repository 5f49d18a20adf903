import Type, { type Static } from 'typebox'
import { defineRoute } from './route.ts'
import { JsonMap, Text } from './shapes.ts'

/** The named exits: fixed, or one per element of the config array at `each` named by its `name`, then `plus`. */
export const Ports = Type.Union([
  Type.Object({ fixed: Type.Array(Type.String()) }),
  Type.Object({ each: Type.String(), name: Type.String(), plus: Type.Optional(Type.Array(Type.String())) }),
])

export const NodeTypeInfo = Type.Object({
  type: Type.String(),
  version: Type.Integer(),
  title: Text,
  summary: Text,
  /** Name of a lucide icon. */
  icon: Type.String(),
  group: Type.Enum(['control', 'people', 'data', 'remote', 'compute']),
  /** JSON Schema of the config. */
  config: JsonMap,
  /** JSON Schema of the output, where it is known. */
  output: Type.Optional(JsonMap),
  /** Absent: one port, `out`. */
  ports: Type.Optional(Ports),
  effect: Type.Enum(['none', 'read', 'write', 'destructive']),
  inline: Type.Boolean(),
  container: Type.Optional(Type.Enum(['loop', 'parallel', 'group'])),
  idempotent: Type.Boolean(),
  waits: Type.Boolean(),
  /** It can tell risks: the policy of its nodes may say `risk: ask`. */
  risks: Type.Boolean(),
  /** Markdown shown in the designer. */
  help: Type.Optional(Type.String()),
})
export type NodeTypeInfo = Static<typeof NodeTypeInfo>

export const listNodeTypes = defineRoute({
  method: 'GET',
  path: '/api/v1/node-types',
  permission: 'workflow.list',
  summary: 'Every node type this server knows',
  answer: Type.Object({ items: Type.Array(NodeTypeInfo) }),
})
