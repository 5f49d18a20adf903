// Named points around every commit of an engine: its process is killed before the statement is sent, or after it was
// answered and before anybody has seen the answer. Only engines of these tests have them: they wrap the pool.
import type { Db } from '../../../src/store/db.ts'

/** What a point is known by: the statement's name, or its text where it has none. */
const points = {
  /** Whatever is saved. */
  commit: /^save_/,
  intake: /^save_i/,
  dispatch: /^save_\w*q/,
  result: /^save_\w*[nrw]\w*d/,
  timer: /^save_\w*p/,
  task: /^save_\w*t/,
  answer: /^save_\w*c/,
  binding: /^save_\w*b/,
  audit: /^save_\w*a/,
  claim: /^claim_due/,
  'put-off': /^postpone$/,
  'remove-row': /^remove_row$/,
  rescue: /^release_orphans$/,
  'bury-here': /^delete from fermata\.processes where id = any/,
  /** Also what removes those that fell silent. */
  beat: /^beat$/,
  register: /^insert into fermata\.processes/,
  ids: /^allocate_ids$/,
  'give-back': /^release_rows$/,
  'sign-off': /^delete from fermata\.processes where id = \$1$/,
} as const

export type PointName = keyof typeof points

export interface CrashAt {
  point: PointName
  side: 'before' | 'after'
  /** The n-th time, from 1. */
  nth: number
}

/** Reached on the way down only. */
const onTheWayDown: readonly PointName[] = ['give-back', 'sign-off']
export const pointNames = (Object.keys(points) as PointName[]).filter(
  (name) => name !== 'commit' && !onTheWayDown.includes(name),
)
export const partingPoints = onTheWayDown
/** Reached by who finds others dead. */
export const heirPoints: readonly PointName[] = ['rescue']

/** Looks that may find nothing to do: only those that found something count afterwards. */
const mayFindNothing: ReadonlySet<PointName> = new Set(['claim', 'rescue'])

/** `door`: the pool of an engine, or the writer of its saves, which only asks. */
export function crashing<Door extends Pick<Db, 'query'> & Partial<Db>>(door: Door, crashAt: CrashAt): Door {
  const { run } = door
  const pattern = points[crashAt.point]
  let left = crashAt.nth

  function reach(side: CrashAt['side'], changed: number): void {
    if (side !== crashAt.side || (changed === 0 && mayFindNothing.has(crashAt.point))) return
    if (--left === 0) process.kill(process.pid, 'SIGKILL')
  }

  async function around<T>(call: Parameters<Db['query']>, work: () => Promise<T>): Promise<T> {
    const [text, , name] = call
    if (!pattern.test(name ?? text)) return work()
    if (crashAt.side === 'before') reach('before', 1)
    const result = await work()
    reach('after', countOf(result))
    return result
  }

  return {
    ...door,
    query: <R extends object>(...call: Parameters<Db['query']>) => around(call, () => door.query<R>(...call)),
    ...(run ? { run: (...call: Parameters<Db['run']>) => around(call, () => run(...call)) } : {}),
  }
}

/** Rows, a number of rows, or the one number a sweep answers. */
function countOf(result: unknown): number {
  if (typeof result === 'number') return result
  const [row] = result as { released?: number }[]
  return row?.released ?? (result as unknown[]).length
}
