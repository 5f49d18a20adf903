// R5: connections are ended by the database, reset, made slow or silent, or cut when the answer of a commit is due.
import { setTimeout as pause } from 'node:timers/promises'
import type { ChaosDatabase } from '../harness/ground.ts'
import { runChaos, type Stage } from '../harness/run-chaos.ts'
import { openProxy, type TcpProxy } from '../harness/tcp-proxy.ts'
import type { ChaosCase } from './chaos-case.ts'
import { underLoad } from './under-load.ts'

const perCut = 8

/** A unit is one cut, or one spell of slowness or silence. */
export const connectionCut: ChaosCase = {
  id: 'R5',
  title: 'connections cut',
  units: { T0: 15, T1: 100, T2: 1000 },
  perChunk: { one: 120, three: 120 },
  async run(ground, { seed, processes, units }) {
    const proxy = await openProxy(ground.socket)
    try {
      const url = async (database: ChaosDatabase) => throughProxy(database.url, proxy.port)
      const outcome = await runChaos(ground, { seed, processes, url }, (stage) =>
        cutInTurn(stage, proxy, units),
      )
      return { ...outcome, faults: units }
    } finally {
      await proxy.close()
    }
  },
}

function throughProxy(url: string, port: number): string {
  const through = new URL(url)
  through.search = ''
  through.host = `127.0.0.1:${port}`
  return through.href
}

async function cutInTurn(stage: Stage, proxy: TcpProxy, units: number): Promise<string[]> {
  const { random } = stage
  const ways = [endBackend, endBackend, endBackend, reset, loseAnswer, loseAnswer, slowDown, fallSilent]
  let count = 0
  const work = (async () => {
    for (; count < units; count++) {
      await pause(random.int(50, 700))
      await random.pick(ways)(stage, proxy)
    }
  })()
  await underLoad(stage, () => perCut * (count + 1), work)
  return []
}

/** Whichever it is: one that saves, that claims, that listens. */
async function endBackend({ database, random }: Stage): Promise<void> {
  const rows = await database.pool.query<{ pid: number }>(
    `select pid from pg_stat_activity where application_name = 'chaos' and datname = current_database() order by pid`,
  )
  if (rows.length > 0) await database.pool.query('select pg_terminate_backend($1)', [random.pick(rows).pid])
}

async function reset(_stage: Stage, proxy: TcpProxy): Promise<void> {
  proxy.reset()
}

/** The commit is done, and who asked for it does not learn of it. */
async function loseAnswer({ random }: Stage, proxy: TcpProxy): Promise<void> {
  await Promise.race([proxy.cutAfterCommit(random.int(1, 5)), pause(2000)])
}

async function slowDown({ random }: Stage, proxy: TcpProxy): Promise<void> {
  const own = random.fork('delays')
  proxy.delay(() => own.int(0, 400))
  await pause(random.int(500, 1500))
  proxy.delay(() => 0)
}

/** Half open: nobody says that the connection is gone. */
async function fallSilent({ random }: Stage, proxy: TcpProxy): Promise<void> {
  proxy.silence()
  await pause(random.int(500, 3000))
  proxy.reset()
}
