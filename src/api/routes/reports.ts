import { type Caller, visibleWorkflows } from '../../access/permissions.ts'
import { AppError } from '../../core/errors.ts'
import { isTimeZone } from '../../core/schedule/time-zone.ts'
import type { Engine } from '../../runtime/engine.ts'
import type { Db } from '../../store/db.ts'
import { recentFailures, reportFailures } from '../../store/report-failures.ts'
import {
  type NodeScope,
  reportNodes,
  reportNodeTypes,
  reportTimeline,
  reportWorkflows,
} from '../../store/reports.ts'
import * as contract from '../contract/reports.ts'
import { type BoundRoute, handle } from '../handler.ts'
import { iso, present } from '../views/present.ts'

interface Deps {
  db: Db
  engine: Engine
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const mostDays = 400
const mostFailures = 100

export function reportRoutes({ db, engine }: Deps): BoundRoute[] {
  const containers = [...engine.nodeTypes.values()].filter((type) => type.container).map(({ type }) => type)
  return [
    handle(contract.reportWorkflows, async ({ query, caller }) => ({
      items: (await reportWorkflows(db, scopeOf(query, caller))).map(present),
    })),
    handle(contract.reportNodes, async ({ params: { key }, query, caller }) => ({
      items: (await reportNodes(db, { ...scopeOf(query, caller), workflow: key })).map(present),
    })),
    handle(contract.reportNodeTypes, async ({ query, caller }) => ({
      items: (await reportNodeTypes(db, scopeOf(query, caller))).map(present),
    })),
    handle(contract.reportTimeline, async ({ query: { timeZone = 'UTC', ...query }, caller }) => {
      const scope = scopeOf(query, caller)
      if (!isTimeZone(timeZone))
        throw new AppError('bad-request', `There is no time zone ${timeZone}`, {
          pointer: '/timeZone',
          why: { key: 'unknown-time-zone', zone: timeZone },
        })
      const unit: 'hour' | 'day' = Date.parse(scope.to) - Date.parse(scope.from) <= 3 * dayMs ? 'hour' : 'day'
      const { total, parts } = await reportTimeline(db, { ...scope, unit, timeZone })
      return {
        unit,
        total: present(total),
        items: parts.map((row) => present({ ...row, from: iso(row.from), to: iso(row.to) })),
      }
    }),
    handle(contract.reportFailures, async ({ query, caller }) => ({
      items: (await reportFailures(db, { ...scopeOf(query, caller), containers, limit: mostFailures })).map(
        failureView,
      ),
    })),
    handle(contract.recentFailures, async ({ caller }) => ({
      items: (
        await recentFailures(db, {
          visible: visibleWorkflows(caller),
          since: new Date(Date.now() - dayMs).toISOString(),
          limit: 50,
        })
      ).map(failureView),
    })),
  ]
}

interface Failure {
  workflow: string
  workflowTitle: string | null
  lastAt: Date
}

const failureView = <F extends Failure>({ lastAt, workflowTitle, ...row }: F) =>
  present({ ...row, workflowTitle: workflowTitle ?? row.workflow, lastAt: iso(lastAt) })

type Query = Pick<NodeScope, 'workflow' | 'node' | 'nodeType'> & { from?: string; to?: string }

function scopeOf({ from, to, ...rest }: Query, caller: Caller): NodeScope {
  const end = to === undefined ? Date.now() : Date.parse(to)
  const begin = from === undefined ? end - 7 * dayMs : Date.parse(from)
  const days = (end - begin) / dayMs
  if (days <= 0 || days > mostDays)
    throw new AppError('bad-request', `A report is about a time of up to ${mostDays} days.`, {
      why: { key: 'too-many-days', limit: mostDays },
      pointer: '/from',
    })
  if (rest.node !== undefined && rest.workflow === undefined)
    throw new AppError('bad-request', 'Name the workflow of the node.', { pointer: '/workflow' })
  return {
    ...rest,
    from: new Date(begin).toISOString(),
    to: new Date(end).toISOString(),
    visible: visibleWorkflows(caller),
  }
}
