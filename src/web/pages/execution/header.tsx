// Where the execution stands, its status, target, starter, duration, and the verbs that are legal now.
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { CalendarClock, CircleX, type LucideIcon, Pause, Play, RotateCw, ShieldCheck } from 'lucide-react'
import { memo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type ExecutionDetail, startExecution } from '../../../api/contract/executions.ts'
import { createSchedule } from '../../../api/contract/schedules.ts'
import { riskyRuns } from '../../../client/risky-runs.ts'
import { isEnded } from '../../../core/statuses.ts'
import { meQuery } from '../../data/queries.ts'
import { useShortcuts } from '../../shortcuts/listen.ts'
import { Fact } from '../../ui/fact.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { shownExecutionStatus } from '../../ui/status-legend.ts'
import { Elapsed, RelativeTime } from '../../ui/times.tsx'
import { Starter } from '../executions/execution-table.tsx'
import { Ancestors } from './ancestors.tsx'
import { Banner } from './banner.tsx'
import { ConfirmDialog } from './confirm-dialog.tsx'
import { useExecutionPage } from './context.ts'
import { ExecutionActDialog } from './execution-act.tsx'
import { Neighbours } from './neighbours.tsx'
import { headerPrimary } from './primary-act.ts'
import { useNewest } from './use-newest.ts'

type Act = ExecutionDetail['acts'][number]

const actIcons: Record<Act, LucideIcon> = {
  pause: Pause,
  resume: Play,
  terminate: CircleX,
  retry: RotateCw,
  confirm: ShieldCheck,
}

export function ExecutionHeader({ setMoment }: { setMoment: (moment: number | undefined) => void }) {
  const { execution } = useExecutionPage().now
  return (
    <header className="f-head">
      <Head execution={execution} />
      <Banner setMoment={setMoment} />
    </header>
  )
}

interface HeadProps {
  execution: ExecutionDetail
}

/** Most changes are of runs, and leave nothing here but `seq` another. */
const isSameHead = ({ execution: one }: HeadProps, { execution: other }: HeadProps): boolean =>
  (Object.keys({ ...one, ...other }) as (keyof ExecutionDetail)[]).every(
    (key) => key === 'seq' || one[key] === other[key],
  )

const Head = memo(function Head({ execution }: HeadProps) {
  const { t } = useTranslation()
  return (
    <>
      {execution.trigger === 'parent' && <Ancestors execution={execution} />}
      <div className="f-row f-grow">
        <StatusBadge status={shownExecutionStatus(execution)} attention={execution.attention} />
        <h1>{execution.workflowTitle}</h1>
        <span className="f-quiet f-num">
          #{execution.id} · v{execution.version}
          {execution.test && ` · ${t('executions.test')}`}
        </span>
        <Neighbours execution={execution} />
      </div>
      <Acts execution={execution} />
      <Facts execution={execution} />
    </>
  )
}, isSameHead)

function Facts({ execution }: HeadProps) {
  const { t } = useTranslation()
  const { target } = execution
  return (
    <dl className="f-head-facts">
      {target && (
        <Fact label={t('executions.target')}>
          <Link to="/data" search={{ collection: target.collection, record: target.id }}>
            {target.label}
          </Link>
        </Fact>
      )}
      <Fact label={t('executions.startedBy')}>
        <Starter execution={execution} />
      </Fact>
      <Fact label={t(execution.startedAt ? 'executions.started' : 'executions.created')}>
        <RelativeTime at={execution.startedAt ?? execution.createdAt} />
      </Fact>
      <Fact label={t('executions.duration')}>
        <Elapsed from={execution.startedAt} to={execution.endedAt} />
      </Fact>
    </dl>
  )
}

function Acts({ execution }: HeadProps) {
  const { t } = useTranslation()
  const [act, setAct] = useState<Act>()
  const toggle = execution.acts.find((legal) => legal === 'pause' || legal === 'resume')
  useShortcuts(toggle ? { pause: () => setAct(toggle) } : {})
  const primary = headerPrimary(execution.acts)
  return (
    <div className="f-row">
      {execution.acts.map((legal) => {
        const Icon = actIcons[legal]
        return (
          <Button
            key={legal}
            type={legal === primary ? 'primary' : 'default'}
            danger={legal === 'terminate'}
            icon={<Icon size={14} />}
            onClick={() => setAct(legal)}
          >
            {t(`execution.acts.${legal}`)}
          </Button>
        )
      })}
      <Onward execution={execution} />
      {act === 'confirm' && <ConfirmAll onClose={() => setAct(undefined)} />}
      {act && act !== 'confirm' && <ExecutionActDialog act={act} onClose={() => setAct(undefined)} />}
    </div>
  )
}

/** Everything risky of this execution as it was asked for; what somebody else answers meanwhile is told by the dialog. */
function ConfirmAll({ onClose }: { onClose: () => void }) {
  const risky = riskyRuns(useNewest(useExecutionPage().now))
  const [runs] = useState(risky)
  return <ConfirmDialog runs={runs} onClose={onClose} />
}

/** What may follow one that has ended: the same again, with the inputs it had; or that again and again. */
function Onward({ execution }: HeadProps) {
  const { t } = useTranslation()
  const me = useQuery(meQuery)
  const { id, workflow, target, status } = execution
  const may = (permission: string) => me.data?.permissions.includes(permission) === true
  if (execution.trigger === 'parent' || !isEnded(status)) return null
  return (
    <>
      {may(startExecution.permission) && (
        <Link
          to="/run/$workflow"
          params={{ workflow }}
          search={{ ...(target ? { target: `${target.collection}:${target.id}` } : {}), like: Number(id) }}
        >
          <Play size={14} aria-hidden /> {t('execution.again')}
        </Link>
      )}
      {status === 'completed' && !execution.test && may(createSchedule.permission) && (
        <Link to="/schedules" search={{ from: id }}>
          <CalendarClock size={14} aria-hidden /> {t('execution.schedule')}
        </Link>
      )}
    </>
  )
}
