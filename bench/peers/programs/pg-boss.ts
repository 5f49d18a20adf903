// pg-boss: a queue. Each of ten jobs adds the next one; fetched, added and completed in batches, woken by NOTIFY.
import { pad } from '../../run/documents.ts'
import { keepEnds } from '../ends.ts'
import { fromInstall, serve } from '../program.ts'

interface Step {
  run: number
  /** The n-th of ten, from 1. */
  n: number
  i: number
  pad: string
}
interface Boss {
  on(event: 'error', listener: (error: Error) => void): void
  start(): Promise<unknown>
  createQueue(name: string, options: Record<string, unknown>): Promise<void>
  work(
    name: string,
    options: Record<string, unknown>,
    handler: (jobs: readonly { data: Step }[]) => Promise<void>,
  ): Promise<string>
  send(name: string, data: Step): Promise<string | null>
  insert(name: string, jobs: readonly { data: Step }[]): Promise<unknown>
  stop(options: Record<string, unknown>): Promise<void>
}

serve(async (place) => {
  const { PgBoss } = fromInstall<{ PgBoss: new (options: Record<string, unknown>) => Boss }>(place, 'pg-boss')
  const ends = keepEnds()
  const boss = new PgBoss({ connectionString: place.databaseUrl, max: 10, useListenNotify: true })
  boss.on('error', (error) => console.error(error))
  await boss.start()
  await boss.createQueue('step', { notify: true })
  const options = {
    batchSize: 100,
    pollingIntervalSeconds: 0.5,
    burstWhenBatchFull: true,
    localConcurrency: 2,
  }
  await boss.work('step', options, async (jobs) => {
    const steps = jobs.map(({ data }) => ({ ...data, n: data.n + 1, i: data.i + 1 }))
    const next = steps.filter(({ n }) => n <= 10)
    if (next.length > 0)
      await boss.insert(
        'step',
        next.map((data) => ({ data })),
      )
    for (const { run, n, i } of steps) if (n > 10) ends.ended(run, i)
  })
  return {
    works: { w10: (i) => ends.run((run) => boss.send('step', { run, n: 1, i, pad })) },
    close: () => boss.stop({ graceful: false }),
  }
})
