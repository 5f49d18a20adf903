import Type, { type Static } from 'typebox'
import { defineRoute } from './route.ts'
import { BigId, Time } from './shapes.ts'

export const Process = Type.Object({
  id: Type.String(),
  /** As node runs name it: process id and the beginning of `id`. */
  name: Type.String(),
  host: Type.String(),
  pid: Type.Integer(),
  version: Type.String(),
  roles: Type.Array(Type.String()),
  tags: Type.Array(Type.String()),
  /** Whether effects that ask for no tag run here. */
  untagged: Type.Boolean(),
  startedAt: Time,
  /** Last heartbeat. */
  beatAt: Time,
  /** Effects under way at the last heartbeat, and how many there is room for. */
  running: Type.Integer(),
  capacity: Type.Integer(),
  /** The process that answers this request. */
  answers: Type.Boolean(),
})
export type Process = Static<typeof Process>

export const QueueGroup = Type.Object({
  workflow: Type.String(),
  /** Effects: `run`; timers: `wake`, `timeout`, `deadline`; others are steps of the engine. */
  kind: Type.Enum(['run', 'resume', 'wake', 'timeout', 'start', 'deadline', 'act']),
  state: Type.Enum(['due', 'claimed', 'later', 'held']),
  count: Type.Integer(),
  /** How long the oldest of those that wait for a process has been due. */
  ageMs: Type.Optional(Type.Integer()),
})
export type QueueGroup = Static<typeof QueueGroup>

export const TroubledRun = Type.Object({
  execution: BigId,
  workflow: Type.String(),
  run: Type.String(),
  attempt: Type.Integer(),
  /** `again`: it waits for its next try. */
  state: Type.Enum(['interrupted', 'poison', 'again']),
  crashes: Type.Optional(Type.Integer()),
  at: Time,
})
export type TroubledRun = Static<typeof TroubledRun>

export const Workers = Type.Object({
  /** Of the database; what all the times here are to be compared with. */
  now: Time,
  processes: Type.Array(Process),
  queue: Type.Array(QueueGroup),
  troubled: Type.Array(TroubledRun),
  /** Of the process that answers, since it started. */
  commits: Type.Object({
    commits: Type.Integer(),
    saves: Type.Integer(),
    refused: Type.Integer(),
    failures: Type.Integer(),
    p50Ms: Type.Number(),
    p95Ms: Type.Number(),
  }),
})
export type Workers = Static<typeof Workers>

export const getWorkers = defineRoute({
  method: 'GET',
  path: '/api/v1/system/workers',
  permission: 'system.view',
  summary: 'Processes, queue, interrupted node runs and commits at this moment',
  answer: Workers,
})
