import { AppError } from '../../core/errors.ts'
import type { Db } from '../../store/db.ts'
import { countLive } from '../../store/executions-read.ts'
import { healthz, metrics, readyz } from '../contract/health.ts'
import { type BoundRoute, handle, handleRaw } from '../handler.ts'

export function healthRoutes({ db }: { db: Db }): BoundRoute[] {
  return [
    handle(healthz, () => ({ status: 'ok' as const })),
    handle(readyz, async () => {
      await db.query('select 1').catch((cause: unknown) => {
        throw new AppError('unavailable', 'The database does not answer', { cause })
      })
      return { status: 'ok' as const }
    }),
    handleRaw(metrics, async ({ reply }) => {
      reply.type('text/plain; version=0.0.4; charset=utf-8')
      return metricsText(await countLive(db))
    }),
  ]
}

function metricsText(live: Awaited<ReturnType<typeof countLive>>): string {
  const executions = live.map(
    ({ status, waiting, count }) =>
      `fermata_executions_live{status="${status}",waiting="${waiting}"} ${count}`,
  )
  return [
    '# HELP fermata_executions_live Executions that have not ended.',
    '# TYPE fermata_executions_live gauge',
    ...executions,
    '# HELP process_resident_memory_bytes Resident memory of this process.',
    '# TYPE process_resident_memory_bytes gauge',
    `process_resident_memory_bytes ${process.memoryUsage.rss()}`,
    '# HELP process_uptime_seconds Since this process started.',
    '# TYPE process_uptime_seconds counter',
    `process_uptime_seconds ${Math.round(process.uptime())}`,
    '',
  ].join('\n')
}
