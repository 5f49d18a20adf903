import { nameOfProcess } from '../../runtime/core.ts'
import type { Engine } from '../../runtime/engine.ts'
import type { Db } from '../../store/db.ts'
import { type QueueFigure, readFigures } from '../../store/figures-read.ts'
import { type LiveProcess, listProcesses } from '../../store/processes.ts'
import { listTroubled, type TroubledRun } from '../../store/troubled-read.ts'
import * as contract from '../contract/system.ts'
import { type BoundRoute, handle } from '../handler.ts'
import { iso } from '../views/present.ts'

const mostTroubled = 100

export function systemRoutes({ db, engine }: { db: Db; engine: Engine }): BoundRoute[] {
  return [
    handle(contract.getWorkers, async () => {
      const [figures, processes, troubled] = await Promise.all([
        readFigures(db),
        listProcesses(db),
        listTroubled(db, mostTroubled),
      ])
      return {
        now: iso(new Date(figures.now)),
        processes: processes.map((row) => processView(row, engine.process)),
        queue: figures.queue.map(queueView),
        troubled: troubled.map(troubledView),
        commits: engine.figures.commits(),
      }
    }),
  ]
}

/** The host of a process also names its process id space, which tells people nothing. */
function processView({ startedAt, beatAt, host, ...row }: LiveProcess, own: string): contract.Process {
  return {
    ...row,
    name: nameOfProcess(row.pid, row.id),
    host: host.split(' ', 1)[0] as string,
    startedAt: iso(startedAt),
    beatAt: iso(beatAt),
    answers: row.id === own,
  }
}

function queueView({ kind, age, ...row }: QueueFigure): contract.QueueGroup {
  return {
    ...row,
    kind: kind as contract.QueueGroup['kind'],
    ...(age === null ? {} : { ageMs: Math.max(0, Math.round(age * 1000)) }),
  }
}

function troubledView({ crashes, at, ...row }: TroubledRun): contract.TroubledRun {
  return { ...row, ...(crashes === null ? {} : { crashes }), at: iso(at) }
}
