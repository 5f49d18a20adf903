// What one event still has in store for runs and scopes that are given up meanwhile must not come to pass.
import type { Draft, Signal } from './draft.ts'
import { isInside } from './run-id.ts'

/**
 * Forgets what is to happen below a run or in a scope. Returns the items of the run that had ended already: they are
 * to be counted.
 */
export function takeSignals(draft: Draft, id: string): Extract<Signal, { type: 'item-ended' }>[] {
  const ended: Extract<Signal, { type: 'item-ended' }>[] = []
  for (const signal of draft.signals.splice(0)) {
    if (signal.type === 'item-ended' && signal.run === id) ended.push(signal)
    else if (!isBelow(signal, id)) draft.signals.push(signal)
  }
  return ended
}

function isBelow(signal: Signal, id: string): boolean {
  if ('scope' in signal) return signal.scope === id || isInside(signal.scope, id)
  return signal.run !== undefined && isInside(signal.run, id)
}
