import Type from 'typebox'
import { defineRoute } from './route.ts'
import { Nothing } from './shapes.ts'

export const getDemo = defineRoute({
  method: 'GET',
  path: '/api/v1/demo',
  permission: 'system.manage',
  summary: 'Whether the demo world is here',
  answer: Type.Object({ present: Type.Boolean() }),
})

/** Its workflows with their executions, collections with their records, connections and hosts; its users are disabled. */
export const removeDemo = defineRoute({
  method: 'DELETE',
  path: '/api/v1/demo',
  permission: 'system.manage',
  summary: 'Take the demo world away, and nothing else',
  answer: Nothing,
})
