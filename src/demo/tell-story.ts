// Plays one story through the engine: start, answer the tasks, act, wait for its end.
import type { Json } from '../core/json.ts'
import { isEnded } from '../core/statuses.ts'
import type { Act, Engine } from '../runtime/engine.ts'
import type { Db } from '../store/db.ts'
import { countAnswers } from '../store/demo-times.ts'
import { findExecution } from '../store/executions-read.ts'
import { openTasksOf, type TaskRow } from '../store/tasks-read.ts'
import { findWorkflow } from '../store/workflows.ts'
import { principalFor } from './people.ts'
import type { Answer, Story } from './stories.ts'

export interface Stage {
  db: Db
  engine: Engine
  /** Aborted when the server stops: what is not told yet is told at the next start. */
  signal?: AbortSignal
}

const patienceMs = 60_000

/** Resolves with what `look` finds, looking again whenever the execution changes; undefined when time is up. */
async function until<T>(
  { engine, signal }: Stage,
  execution: string,
  look: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const end = Date.now() + patienceMs
  let wake = () => {}
  const stop = () => wake()
  signal?.addEventListener('abort', stop)
  const unsubscribe = engine.onChange((changed) => {
    if (changed === execution) wake()
  })
  try {
    while (Date.now() < end && !signal?.aborted) {
      const changed = new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 500)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
      const found = await look()
      if (found !== undefined) return found
      await changed
    }
    return undefined
  } finally {
    unsubscribe()
    signal?.removeEventListener('abort', stop)
    wake()
  }
}

/** The next open task; null when the execution ended without one. */
async function nextTask(stage: Stage, execution: string): Promise<TaskRow | null> {
  const found = await until(stage, execution, async () => {
    const [task] = (await openTasksOf(stage.db, execution)).values()
    if (task) return task
    const row = await findExecution(stage.db, execution)
    return row && isEnded(row.status) ? null : undefined
  })
  return found ?? null
}

async function answer(stage: Stage, execution: string, { by, output, port }: Answer): Promise<void> {
  const task = await nextTask(stage, execution)
  if (!task) return
  const given: { output?: Json; port?: string } = {}
  if (output) given.output = output
  if (port) given.port = port
  await stage.engine.answerTask(task.id, given, await principalFor(stage.db, by))
}

/** Acts once a person is needed: a node holds, or a task waits that the story does not answer. */
async function act(stage: Stage, execution: string, story: Story): Promise<void> {
  if (!story.act) return
  const row = await until(stage, execution, async () => {
    const row = await findExecution(stage.db, execution)
    const isStill = row?.attention || row?.waiting || row?.status === 'paused'
    return row && (isStill || isEnded(row.status)) ? row : undefined
  })
  // Told before, by a start that was interrupted later on.
  if (row?.status !== 'running') return
  const by = await principalFor(stage.db, story.by ?? 'system')
  await stage.engine.act(execution, story.act satisfies Act, by)
}

async function begin({ db, engine }: Stage, story: Story, dedupKey: string): Promise<string> {
  const { workflow, inputs, target: id } = story
  const collection = (await findWorkflow(db, workflow))?.targetCollection
  const started = await engine.start({
    workflow,
    ...(inputs ? { inputs } : {}),
    ...(id && collection ? { target: { collection, id } } : {}),
    trigger: story.isScheduled ? 'schedule' : 'manual',
    dedupKey,
    by: await principalFor(db, story.by ?? 'system'),
  })
  return started.id
}

/** Answers the id of the execution; those of the past have ended by then. What was told already is not told again. */
export async function tellStory(stage: Stage, story: Story, dedupKey: string): Promise<string> {
  const execution = await begin(stage, story, dedupKey)
  const given = await countAnswers(stage.db, execution)
  for (const one of (story.answers ?? []).slice(given)) await answer(stage, execution, one)
  await act(stage, execution, story)
  if (story.hoursAgo !== undefined) await ended(stage, execution)
  return execution
}

async function ended(stage: Stage, execution: string): Promise<void> {
  await until(stage, execution, async () => {
    const row = await findExecution(stage.db, execution)
    return row && isEnded(row.status) ? row : undefined
  })
}
