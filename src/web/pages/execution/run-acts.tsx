// What one may do with the selected run now.
import { Button } from 'antd'
import {
  CheckCheck,
  Hand,
  ListChecks,
  type LucideIcon,
  RotateCw,
  ShieldCheck,
  SkipForward,
} from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { NodeRun } from '../../../api/contract/node-runs.ts'
import { LinkButton } from '../../ui/link-button.tsx'
import { type OfferedAct, useExecutionPage } from './context.ts'
import { inspectorFills } from './primary-act.ts'

const actIcons: Record<OfferedAct, LucideIcon> = {
  retry: RotateCw,
  confirm: ShieldCheck,
  skip: SkipForward,
  complete: Hand,
  rebind: ListChecks,
}
const order = Object.keys(actIcons) as OfferedAct[]
/** What one usually wants; the others overrule the workflow. */
const helpsOn: readonly OfferedAct[] = ['retry', 'confirm', 'rebind']

interface ActsProps {
  run: NodeRun
  inBanner?: boolean
}

export function RunActs({ run, inBanner = false }: ActsProps) {
  const { t } = useTranslation()
  const { ask, now } = useExecutionPage()
  const fills = inBanner || inspectorFills(now.execution.acts)
  const legal = order.filter((candidate) => run.acts.includes(candidate))
  const { task, child } = run.wait ?? {}
  if (legal.length === 0 && task === undefined && child === undefined) return <ManualNote run={run} />
  return (
    <div className="f-stack">
      <ManualNote run={run} />
      <div className="f-row">
        {task !== undefined && (
          <LinkButton
            to="/tasks"
            search={{ task }}
            primary={fills && !run.acts.includes('choose')}
            icon={<CheckCheck size={14} />}
          >
            {t('inspector.openTask')}
          </LinkButton>
        )}
        {child !== undefined && (
          <LinkButton to="/executions/$id" params={{ id: child }}>
            {t('inspector.openChild', { id: child })}
          </LinkButton>
        )}
        {legal.map((candidate, index) => {
          const Icon = actIcons[candidate]
          const isPrimary = fills && index === 0 && task === undefined && helpsOn.includes(candidate)
          return (
            <Button
              key={candidate}
              {...(inBanner ? { size: 'small' } : {})}
              type={isPrimary ? 'primary' : 'default'}
              icon={<Icon size={14} />}
              onClick={() => ask(candidate, run)}
            >
              {t(
                candidate === 'skip' && run.status === 'waiting'
                  ? 'run.acts.cutShort'
                  : `run.acts.${candidate}`,
              )}
            </Button>
          )
        })}
      </div>
    </div>
  )
}

/** What a person did is shown as such. */
function ManualNote({ run }: { run: NodeRun }) {
  const { t } = useTranslation()
  if (!run.manual) return null
  const { act, by, reason } = run.manual
  return (
    <p className="f-manual">
      <Hand size={14} aria-hidden /> {t(`manual.${act}`, { name: by })}
      {reason && <span className="f-quiet"> “{reason}”</span>}
    </p>
  )
}
