// The four things to try in the demo world, each ticked by what has happened, not by a click.
import { useQuery } from '@tanstack/react-query'
import { listExecutions } from '../../../api/contract/executions.ts'
import { listTasks } from '../../../api/contract/tasks.ts'
import { api } from '../../data/client.ts'

export const stepNames = ['approve', 'watch', 'run', 'retry'] as const
export type StepName = (typeof stepNames)[number]

export interface Step {
  name: StepName
  done: boolean
  /** Where it is done; undefined: not yet, or not any more. */
  to: string | undefined
}

/** The demo world as it is made in `src/demo`. */
const restart = 'restart-service'
const heldTarget = 'app_instance:pay-api-2'
const cleanUp = 'disk-clean-up'
const fullHost = 'host:pay-03'

interface Facts {
  openTask?: { id: string }
  answered?: { execution: string; completed: boolean }
  cleaned: boolean
  held?: { id: string }
  retried: boolean
}

export function stepsOf(facts: Facts): Step[] {
  const { openTask, answered, cleaned, held, retried } = facts
  const heldAt = held && `/executions/${held.id}`
  return [
    { name: 'approve', done: answered !== undefined, to: openTask && `/tasks?task=${openTask.id}` },
    {
      name: 'watch',
      done: answered?.completed === true,
      to: answered && `/executions/${answered.execution}`,
    },
    { name: 'run', done: cleaned, to: `/run/${cleanUp}?target=${encodeURIComponent(fullHost)}` },
    { name: 'retry', done: retried, to: heldAt },
  ]
}

async function readFacts(user: string, signal: AbortSignal): Promise<Facts> {
  const list = (query: object) => api.call(listExecutions, { query }, { signal })
  const tasks = (query: object) => api.call(listTasks, { query }, { signal })
  const [open, done, cleanUps, restarts] = await Promise.all([
    tasks({ box: 'all', status: 'open', limit: 20 }),
    tasks({ box: 'done', limit: 20 }),
    list({ workflow: cleanUp, target: fullHost, startedBy: user, status: 'completed', limit: 1 }),
    list({ workflow: restart, target: heldTarget, limit: 10 }),
  ])
  const openTask = open.items.find(({ acts }) => acts.includes('approve'))
  const last = done.items[0]?.execution
  const completed = last ? await list({ q: last, status: 'completed', limit: 1 }) : undefined
  const held = restarts.items.find(({ attention }) => attention)
  return {
    ...(openTask ? { openTask } : {}),
    ...(last
      ? {
          answered: {
            execution: last,
            completed: completed?.items.some(({ id }) => id === last) === true,
          },
        }
      : {}),
    cleaned: cleanUps.items.length > 0,
    ...(held ? { held } : {}),
    retried: restarts.items.some(({ lastAct }) => lastAct?.by === user && lastAct.act.startsWith('retry')),
  }
}

/** Asked again whenever a list of executions is. */
export function useSteps(user: string | undefined): Step[] | undefined {
  const { data } = useQuery({
    queryKey: ['executions', 'first-steps', user],
    queryFn: ({ signal }) => readFacts(user ?? '', signal),
    enabled: user !== undefined,
  })
  return data && stepsOf(data)
}
