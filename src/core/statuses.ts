// The statuses of `design/product.md`; nothing else in the system invents one.

export const executionStatuses = [
  'queued',
  'running',
  'paused',
  'completed',
  'failed',
  'error',
  'canceled',
  'rejected',
] as const
export type ExecutionStatus = (typeof executionStatuses)[number]

export const runStatuses = [
  'queued',
  'running',
  'waiting',
  'retrying',
  'risky',
  'completed',
  'failed',
  'error',
  'timed-out',
  'canceled',
  'rejected',
  'skipped',
] as const
export type RunStatus = (typeof runStatuses)[number]

/** Why a node run did not complete. `canceled` is reserved for stops from outside. */
export const failureKinds = ['failed', 'error', 'rejected', 'timed-out', 'canceled'] as const
export type FailureKind = (typeof failureKinds)[number]

/** Why an execution was canceled. */
export const cancelReasons = ['terminated', 'timeout', 'parent-canceled', 'superseded'] as const
export type CancelReason = (typeof cancelReasons)[number]

/** What a waiting run waits for. */
export const waitKinds = ['time', 'person', 'event', 'child'] as const
export type WaitKind = (typeof waitKinds)[number]

/** What pages may show a run to wait for: also a process that may run its effect. */
export const shownWaitKinds = [...waitKinds, 'worker'] as const
export type ShownWaitKind = (typeof shownWaitKinds)[number]

/** How a person ended or moved a run by hand. */
export const manualActs = ['skipped', 'completed', 'chosen', 'cut-short', 'confirmed'] as const
export type ManualAct = (typeof manualActs)[number]

export function isEnded(status: ExecutionStatus): boolean {
  return status !== 'queued' && status !== 'running' && status !== 'paused'
}

export function isSettled(status: RunStatus): boolean {
  return !['queued', 'running', 'waiting', 'retrying', 'risky'].includes(status)
}

/** A run that ended badly and that an operator may retry, skip or complete by hand. */
export function isFailure(status: RunStatus): status is Exclude<FailureKind, 'canceled'> {
  return status === 'failed' || status === 'error' || status === 'timed-out' || status === 'rejected'
}
