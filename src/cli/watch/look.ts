// How statuses look in a terminal: a sign, a colour and always a word.
import type { NodeRun } from '../../api/contract/node-runs.ts'
import type { ExecutionStatus, RunStatus } from '../../core/statuses.ts'
import type { Style } from '../io.ts'

export interface Look {
  sign: string
  style: Style
  word: string
}

export type Shown = RunStatus | 'not-started' | 'not-reached'

const looks: Record<Shown, Look> = {
  queued: { sign: '◦', style: 'gray', word: 'queued' },
  running: { sign: '●', style: 'blueBright', word: 'running' },
  waiting: { sign: '◷', style: 'magenta', word: 'waiting' },
  retrying: { sign: '↻', style: 'blueBright', word: 'will be retried' },
  risky: { sign: '⚠', style: 'yellow', word: 'risky: waits for a confirmation' },
  completed: { sign: '✔', style: 'green', word: 'completed' },
  failed: { sign: '✖', style: 'red', word: 'failed' },
  error: { sign: '✖', style: 'red', word: 'error' },
  'timed-out': { sign: '◴', style: 'red', word: 'timed out' },
  canceled: { sign: '⊘', style: 'gray', word: 'canceled' },
  rejected: { sign: '✖', style: 'redBright', word: 'rejected' },
  skipped: { sign: '⤼', style: 'gray', word: 'skipped' },
  'not-started': { sign: '·', style: 'dim', word: '' },
  'not-reached': { sign: '┄', style: 'dim', word: 'not reached' },
}

const waitWords = {
  time: 'waiting for time',
  person: 'waiting for a person',
  event: 'waiting for an event',
  child: 'waiting for another execution',
} as const

export function lookOf(status: Shown, wait?: NodeRun['wait']): Look {
  const look = looks[status]
  if (wait?.noWorker) return { ...look, style: 'red', word: `no worker with tag ${wait.tag} is running` }
  if (wait?.for === 'worker') return { ...look, word: `waiting for a worker with tag ${wait.tag}` }
  if (status !== 'waiting' || !wait) return look
  const style = wait.for === 'person' ? 'yellow' : look.style
  return { ...look, style, sign: wait.for === 'person' ? '☝' : look.sign, word: waitWords[wait.for] }
}

const executionStyles: Record<ExecutionStatus, Style> = {
  queued: 'gray',
  running: 'blueBright',
  paused: 'yellow',
  completed: 'green',
  failed: 'red',
  error: 'red',
  canceled: 'gray',
  rejected: 'redBright',
}

/** `running, needs attention`. */
export function headLook(head: { status: ExecutionStatus; waiting: boolean; attention: boolean }): Look {
  const { status, waiting, attention } = head
  const flags = status === 'running' ? [attention ? 'needs attention' : '', waiting ? 'waiting' : ''] : []
  const style = attention && status === 'running' ? 'red' : executionStyles[status]
  const { sign } = looks[status === 'paused' ? 'waiting' : status]
  return { sign, style, word: [status, ...flags].filter(Boolean).join(', ') }
}
