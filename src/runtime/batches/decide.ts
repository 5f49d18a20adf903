// What becomes of a batch, given how its targets stand. Pure.

export interface BatchRules {
  state: 'running' | 'paused' | 'stopped' | 'completed'
  parallel: number
  stopCount: number | null
  stopPercent: number | null
  /** Failures a person has let pass. */
  forgiven: number
}

export interface Standing {
  total: number
  waiting: number
  /** Being started, or under way and not held for an operator. */
  busy: number
  /** Being started, or not ended. */
  open: number
  /** Ended other than completed, refused, or held for an operator. */
  failed: number
}

export interface Decision {
  /** So many targets may be started now. */
  start: number
  /** More have failed than is allowed, and some wait to be started. */
  stop: boolean
  /** Nothing of it is under way, and nothing more will be started. */
  end: boolean
}

export function decide(rules: BatchRules, standing: Standing): Decision {
  const { total, waiting, busy, open } = standing
  // With nothing left to start there is nothing to keep back.
  const stop = rules.state === 'running' && waiting > 0 && mustStop(rules, { total, failed: standing.failed })
  const goesOn = rules.state === 'running' && !stop
  return {
    stop,
    start: goesOn ? Math.max(0, Math.min(waiting, rules.parallel - busy)) : 0,
    end: open === 0 && (waiting === 0 || stop || rules.state === 'stopped'),
  }
}

function mustStop(
  { stopCount, stopPercent, forgiven }: BatchRules,
  { total, failed }: { total: number; failed: number },
): boolean {
  const counted = failed - forgiven
  if (stopCount !== null && counted > stopCount) return true
  return stopPercent !== null && counted * 100 > stopPercent * total
}
