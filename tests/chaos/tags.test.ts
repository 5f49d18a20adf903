// Processes with tags, killed: what they ran goes on where the tag is, and nowhere else.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { listNodeRuns } from '../../src/store/node-runs-read.ts'
import { taggedWaits } from '../../src/store/queue-tags.ts'
import { chain, publish, silentLog, until } from '../helpers/engine.ts'
import { openTheatre, type Theatre } from './crash-case.ts'
import { readLedger } from './ledger.ts'
import { findBreaches } from './oracle.ts'

let theatre: Theatre

beforeAll(async () => {
  theatre = await openTheatre()
})
afterAll(() => theatre.close())
afterEach(() => theatre.clear())

const linesOf = (id: string) => readLedger(theatre.ledger).filter(({ execution }) => execution === id)
const policy = (runOn: string) => ({ policy: { runOn } })

async function worker(tag: string) {
  const child = await theatre.child({ tags: [tag], untagged: false })
  await child.go()
  return child
}

describe('a process with a tag', { timeout: 90_000 }, () => {
  it('that is killed leaves its effect to another one with the tag; the others do not touch it', async () => {
    const { pool } = theatre.database
    const goOn = join(theatre.folder, 'go-on')
    await publish(
      pool,
      chain('zones', [
        { id: 'a', type: 'safe-effect', config: { until: goOn }, ...policy('zone-a') },
        { id: 'b', type: 'safe-effect', config: {}, ...policy('zone-b') },
        { id: 'free', type: 'safe-effect', config: {} },
      ]),
    )
    const here = await theatre.engine(silentLog)
    const [one, other] = [await worker('zone-a'), await worker('zone-b')]
    const { id } = await here.start({ workflow: 'zones', by: { name: 'chaos' } })
    await until(
      async () => linesOf(id).length,
      (count) => count === 1,
    )
    one.signal('SIGKILL')
    await one.ended
    const [wait] = await until(
      () => taggedWaits(pool, id),
      (rows) => rows.length === 1,
    )
    expect(wait).toMatchObject({ run: 'a', tag: 'zone-a', served: false })
    // Both others are alive and idle, and look for work as ever.
    const next = await here.start({ workflow: 'zones', by: { name: 'chaos' } })
    await until(
      () => taggedWaits(pool, next.id),
      (rows) => rows.length === 1,
    )
    expect(linesOf(id)).toHaveLength(1)
    writeFileSync(goOn, '')
    const again = await worker('zone-a')
    for (const execution of [id, next.id]) {
      expect(await here.waitForEnd(execution, 30_000)).toBe('completed')
    }
    expect(linesOf(id).map(({ run, pid }) => [run, pid])).toEqual([
      ['a', one.pid],
      ['a', again.pid],
      ['b', other.pid],
      ['free', process.pid],
    ])
    expect(new Set(linesOf(id).map(({ key }) => key)).size).toBe(3)
    expect(await findBreaches(pool)).toEqual([])
    expect(again.complaints.concat(other.complaints)).toEqual([])
  })

  it('that is killed in an effect never repeated silently: the next one with the tag says that it was interrupted', async () => {
    const { pool } = theatre.database
    await publish(
      pool,
      chain('careful', [{ id: 'a', type: 'effect', config: { kill: true }, ...policy('zone-a') }]),
    )
    const here = await theatre.engine(silentLog)
    const victim = await worker('zone-a')
    const { id } = await here.start({ workflow: 'careful', by: { name: 'chaos' } })
    await victim.ended
    await worker('zone-a')
    expect(await here.waitForEnd(id, 30_000)).toBe('error')
    const { items } = await listNodeRuns(pool, { execution: id, limit: 10 })
    expect(items).toMatchObject([{ run: 'a', error: { code: 'interrupted' } }])
    expect(linesOf(id)).toHaveLength(1)
  })
})
