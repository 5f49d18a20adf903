import { AppError } from '../../core/errors.ts'
import type { Engine } from '../../runtime/engine.ts'
import { databaseText } from '../../runtime/metrics/database-gauges.ts'
import type { Db } from '../../store/db.ts'
import { readFigures } from '../../store/figures-read.ts'
import { healthz, metrics, readyz } from '../contract/health.ts'
import { type BoundRoute, handle, handleRaw } from '../handler.ts'

export function healthRoutes({ db, engine }: { db: Db; engine: Pick<Engine, 'figures'> }): BoundRoute[] {
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
      // Without its database a process still tells how it is itself.
      const figures = await readFigures(db).catch(() => undefined)
      return engine.figures.registry.text() + databaseText(figures)
    }),
  ]
}
