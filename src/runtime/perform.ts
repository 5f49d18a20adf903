// One effect: called under the policy's timeout, abortable, its result as a message.
import type { LogRow } from '../store/save.ts'
import type { Core } from './core.ts'
import type { Gate } from './gate.ts'
import type { Live, Message } from './live.ts'
import { callNode, failure } from './run-node.ts'
import type { Effect } from './turn.ts'
import { type Watch, watchRun } from './watch-run.ts'

export interface Performance {
  live: Live
  effect: Effect
  abort: AbortController
}

const timedOut = new Error('timed out')

/** Never throws: whatever goes wrong is the failure of the run. */
export async function perform(core: Core, gate: Gate, performance: Performance): Promise<Message> {
  const { live, effect, abort } = performance
  const { run, attempt, group, crashes, config, confirmed } = effect
  const logs: LogRow[] = []
  const claim = { run, attempt, crashes: effect.rowCrashes ?? 0, live, generation: live.generation }
  const watch = watchRun(core, gate, { effect, claim, logs })
  let stopTimer = (): void => undefined
  try {
    const work = callNode(core, live, {
      run,
      attempt,
      group,
      kind: 'run',
      signal: abort.signal,
      logs,
      // Lines of a run that was interrupted stay; those of its repetition follow.
      firstLine: (crashes ?? 0) * core.limits.logLines + 1,
      onInput(input) {
        watch.input(input)
        // What the config reads may take long while the database is away: that is not the node's time.
        stopTimer = startTimer(timeoutOf(performance), () => abort.abort(timedOut))
      },
      ...(config ? { config } : {}),
      ...(confirmed ? { confirmed } : {}),
    })
    // What answers at once cannot be aborted any more.
    const isOver = !(work instanceof Promise) && !abort.signal.aborted
    const result = isOver ? work : await Promise.race([work, whenAborted(abort.signal)])
    live.records.clear()
    return toMessage(result, performance, { claim, watch })
  } finally {
    stopTimer()
    watch.stop()
  }
}

function timeoutOf({ live, effect }: Performance): number | undefined {
  return live.version.graph.nodes.get(effect.node)?.policy.timeoutMs
}

function toMessage(
  result: Message | Error,
  performance: Performance,
  by: { claim: NonNullable<Message['claim']>; watch: Watch },
): Message {
  const { claim, watch } = by
  const { crashes, confirmed } = performance.effect
  const message = result instanceof Error ? abortedMessage(result, performance, watch) : result
  // What was confirmed has its row from then on.
  const unseen = crashes === undefined && !confirmed && watch.unseen()
  return { ...message, claim, facts: { ...message.facts, logs: watch.unwritten(), unseen } }
}

function abortedMessage(reason: Error, performance: Performance, watch: Watch): Message {
  const { run, attempt } = performance.effect
  if (reason !== timedOut) return failure({ run, attempt }, watch.known(), reason)
  const message = `Not done within ${timeoutOf(performance)} ms.`
  return {
    event: { type: 'timed-out', run, attempt },
    facts: { ...watch.known(), error: { kind: 'timed-out', code: 'timeout', message } },
  }
}

function whenAborted(signal: AbortSignal): Promise<Error> {
  return new Promise((resolve) => {
    const tell = (): void => resolve(signal.reason as Error)
    if (signal.aborted) tell()
    else signal.addEventListener('abort', tell, { once: true })
  })
}

const longestTimerMs = 2 ** 31 - 1

/** Also for longer than one timer of the platform can last. Returns how to stop it. */
function startTimer(ms: number | undefined, callback: () => void): () => void {
  if (ms === undefined) return () => undefined
  let left = ms
  let timer: NodeJS.Timeout
  const wait = (): void => {
    const now = Math.min(left, longestTimerMs)
    left -= now
    timer = setTimeout(left > 0 ? wait : callback, now)
  }
  wait()
  return () => clearTimeout(timer)
}
