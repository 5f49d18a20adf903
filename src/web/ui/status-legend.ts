// The one place that knows how a status looks: icon, colour, words.
import {
  Ban,
  Bug,
  Check,
  Circle,
  CircleDashed,
  ClockAlert,
  Hand,
  Hourglass,
  List,
  Loader,
  type LucideIcon,
  OctagonX,
  Pause,
  Radio,
  RotateCw,
  Server,
  ServerOff,
  ShieldAlert,
  SkipForward,
  ThumbsDown,
  User,
  Workflow,
  X,
} from 'lucide-react'
import type { ExecutionStatus, RunStatus, ShownWaitKind } from '../../core/statuses.ts'
import type { ToneName } from './tokens.ts'

interface StatusLook {
  icon: LucideIcon
  tone: ToneName
  /** Key into the translations. */
  text: string
  /** How the surface is drawn besides its colour. */
  style?: 'pulse' | 'hatched' | 'slashed' | 'dotted' | 'framed'
}

export const statusLegend = {
  'not-started': { icon: Circle, tone: 'grey', text: 'status.notStarted' },
  queued: { icon: List, tone: 'slate', text: 'status.queued' },
  running: { icon: Loader, tone: 'blue', text: 'status.running', style: 'pulse' },
  waiting: { icon: Hourglass, tone: 'violet', text: 'status.waiting' },
  'waiting-time': { icon: Hourglass, tone: 'violet', text: 'status.waitingTime' },
  'waiting-person': { icon: User, tone: 'amber', text: 'status.waitingPerson' },
  'waiting-event': { icon: Radio, tone: 'indigo', text: 'status.waitingEvent' },
  'waiting-child': { icon: Workflow, tone: 'indigo', text: 'status.waitingChild' },
  'no-worker': { icon: ServerOff, tone: 'red', text: 'status.noWorker' },
  'waiting-worker': { icon: Server, tone: 'slate', text: 'status.waitingWorker' },
  paused: { icon: Pause, tone: 'amberDeep', text: 'status.paused', style: 'framed' },
  retrying: { icon: RotateCw, tone: 'blue', text: 'status.retrying' },
  risky: { icon: ShieldAlert, tone: 'orange', text: 'status.risky' },
  completed: { icon: Check, tone: 'green', text: 'status.completed' },
  'by-hand': { icon: Hand, tone: 'green', text: 'status.byHand', style: 'hatched' },
  failed: { icon: X, tone: 'red', text: 'status.failed' },
  error: { icon: Bug, tone: 'red', text: 'status.error' },
  'timed-out': { icon: ClockAlert, tone: 'red', text: 'status.timedOut' },
  rejected: { icon: ThumbsDown, tone: 'volcano', text: 'status.rejected' },
  canceled: { icon: OctagonX, tone: 'dark', text: 'status.canceled' },
  skipped: { icon: SkipForward, tone: 'faint', text: 'status.skipped', style: 'slashed' },
  'not-reached': { icon: CircleDashed, tone: 'none', text: 'status.notReached', style: 'dotted' },
  'nothing-bound': { icon: Ban, tone: 'faint', text: 'status.nothingBound' },
} as const satisfies Record<string, StatusLook>

export type ShownStatus = keyof typeof statusLegend

export function statusLook(status: ShownStatus): StatusLook {
  return statusLegend[status]
}

export interface RunFacts {
  status: RunStatus
  manual?: { act: string; by?: string } | undefined
  wait?: { for: ShownWaitKind; noWorker?: boolean | undefined } | undefined
}

/** What a node run is shown as: waiting is told apart by what it waits for, and hand-made ends are marked. */
export function shownRunStatus(run: RunFacts): ShownStatus {
  if (run.wait?.for === 'worker') return run.wait.noWorker ? 'no-worker' : 'waiting-worker'
  if (run.status === 'waiting') return run.wait === undefined ? 'waiting' : `waiting-${run.wait.for}`
  // What was confirmed has run by itself.
  if (run.status === 'completed' && run.manual && run.manual.act !== 'confirmed') return 'by-hand'
  return run.status
}

export interface ExecutionFacts {
  status: ExecutionStatus
  waiting: boolean
}

export function shownExecutionStatus(execution: ExecutionFacts): ShownStatus {
  return execution.status === 'running' && execution.waiting ? 'waiting' : execution.status
}
