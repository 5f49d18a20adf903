// What people do: the same task answered at two processes at once, a pause, acts that come too late.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chain, publish } from '../../helpers/engine.ts'
import { type Drill, steady } from './stage.ts'

const count = 30

export const twoAnswers: Drill = async (stage) => {
  const { pool } = stage
  const form = { type: 'object' }
  await publish(pool, chain('ask', [{ id: 'q', type: 'manual', config: { title: 'Who?', form } }]))
  const processes = await stage.children(2, { ...steady, person: false })
  await processes[0]?.start(Array.from({ length: count }, () => ({ workflow: 'ask' })))
  const tasks = await pool.query<{ id: string }>('select id from fermata.tasks order by id')
  const given = await Promise.all(
    processes.map((child, n) => child.act(tasks.map(({ id }) => ({ task: id, output: { from: n } })))),
  )
  const stuck = await stage.settle()
  const stored = await pool.query<{ from: number }>(
    `select (n.output ->> 'from')::int as from from fermata.tasks t
     join fermata.all_node_runs n using (execution_id, run, attempt) order by t.id`,
  )
  const wrong = tasks.flatMap(({ id }, n) => {
    const thanked = given.flatMap((codes, from) => (codes?.[n] === null ? [from] : []))
    if (thanked.length !== 1) return [`task ${id} was acknowledged ${thanked.length} times`]
    return stored[n]?.from === thanked[0]
      ? []
      : [`the acknowledged answer of task ${id} is not the one stored`]
  })
  return [...stuck, ...wrong, ...(await stage.judge())]
}

export const paused: Drill = async (stage) => {
  const { pool } = stage
  const goOn = join(stage.folder, 'go-on')
  const nodes = [
    { id: 'a', type: 'effect', config: { until: goOn } },
    { id: 'b', type: 'effect', config: {} },
  ]
  await publish(pool, chain('pausing', nodes))
  await publish(pool, chain('later', [{ id: 'x', type: 'effect', config: {} }]))
  const [one] = await stage.children(1, steady)
  const [id = ''] = (await one?.start([{ workflow: 'pausing' }])) ?? []
  await stage.reach(() => stage.lines().length === 1)
  const pause = (await one?.act([{ id, act: { type: 'pause' } }])) ?? []
  writeFileSync(goOn, '')
  await stage.reach(async () => {
    const done = `select from fermata.all_node_runs where execution_id = $1 and run = 'a' and ended_at is not null`
    return (await pool.query(done, [id])).length === 1
  })
  // What is begun after that has had its time when something that came later has.
  await one?.start([{ workflow: 'later' }])
  await stage.reach(() => stage.lines().some(({ run }) => run === 'x'))
  const early = stage.lines().filter(({ run }) => run === 'b')
  const resume = (await one?.act([{ id, act: { type: 'resume' } }])) ?? []
  return [
    ...[...pause, ...resume].filter((code) => code !== null).map((code) => `an act was refused: ${code}`),
    ...early.map(() => 'an effect was begun while its execution was paused'),
    ...(await stage.settle()),
    ...(await stage.judge()),
  ]
}

export const tooLate: Drill = async (stage) => {
  const { pool } = stage
  await publish(pool, chain('short', [{ id: 'a', type: 'effect', config: {} }]))
  const [one, two] = await stage.children(2, steady)
  const ids = (await one?.start(Array.from({ length: 5 }, () => ({ workflow: 'short' })))) ?? []
  const stuck = await stage.settle()
  const acts = ids.flatMap((id) => [
    { id, act: { type: 'terminate' as const } },
    { id, act: { type: 'pause' as const } },
    { id, act: { type: 'complete' as const, run: 'a' } },
  ])
  const codes = await Promise.all([one?.act(acts), two?.act(acts)])
  const allowed = codes.flat().filter((code) => code !== 'illegal-act')
  const rows = await pool.query(`select from fermata.executions where status = 'completed'`)
  return [
    ...stuck,
    ...(allowed.length === 0 ? [] : [`an act on an ended execution was not refused: ${allowed}`]),
    ...(rows.length === ids.length ? [] : ['an ended execution has changed its end']),
    ...(await stage.judge()),
  ]
}
