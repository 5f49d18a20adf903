import Type from 'typebox'
import { defineRoute } from './route.ts'

const Health = Type.Object({ status: Type.Enum(['ok', 'unavailable']) })

export const healthz = defineRoute({
  method: 'GET',
  path: '/healthz',
  permission: 'public',
  summary: 'The process answers',
  answer: Health,
})

export const readyz = defineRoute({
  method: 'GET',
  path: '/readyz',
  permission: 'public',
  summary: 'The process can serve: its database answers',
  answer: Health,
})

/** Prometheus text format. */
export const metrics = defineRoute({
  method: 'GET',
  path: '/metrics',
  permission: 'metrics',
  summary: 'Figures for monitoring',
  answer: Type.String(),
  media: 'text',
})
