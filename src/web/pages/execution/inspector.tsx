// The selected node run: state, attempts, the acts legal now, and everything known about it.
import { Alert, Button } from 'antd'
import { ChevronLeft } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { NodeRun } from '../../../api/contract/node-runs.ts'
import { nodeOf, ownerOf } from '../../../core/run-id.ts'
import { TypeIcon } from '../../canvas/type-icon.tsx'
import { languageTags } from '../../i18n/languages.ts'
import { useLanguage, useText } from '../../i18n/use-language.ts'
import { Fact } from '../../ui/fact.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import type { ShownStatus } from '../../ui/status-legend.ts'
import { absoluteTime } from '../../ui/time.ts'
import { Countdown, Elapsed, RelativeTime } from '../../ui/times.tsx'
import { AttemptPicker } from './attempt-picker.tsx'
import { ChoosePanel } from './choose-panel.tsx'
import { useExecutionPage } from './context.ts'
import { InspectorTabs } from './inspector-tabs.tsx'
import { nodeTitle, recordLabel } from './labels.ts'
import { Overview } from './overview.tsx'
import { RebindButton } from './rebind-dialog.tsx'
import { Risks } from './risks.tsx'
import { RunActs } from './run-acts.tsx'

export function Inspector() {
  const { t } = useTranslation()
  const page = useExecutionPage()
  const { selected, place } = page
  if (selected === undefined || !page.nodes.has(nodeOf(selected))) return <Overview />
  const attempts = page.live.runs.get(selected) ?? []
  const run = attempts.find(({ attempt }) => attempt === place.attempt) ?? attempts.at(-1)
  return (
    <aside className="f-inspector" aria-label={t('inspector.label')}>
      <Heading run={run} id={selected} />
      {run ? (
        <RunState run={run} attempts={attempts} />
      ) : (
        <p className="f-quiet">{t('inspector.notStarted')}</p>
      )}
      {run?.wait?.noWorker && (
        <Alert type="warning" showIcon title={t('inspector.noWorker', { tag: run.wait.tag })} />
      )}
      {run?.acts.includes('choose') && <ChoosePanel key={`${run.id}#${run.attempt}`} run={run} />}
      {run && <Risks run={run} />}
      {run && <RunActs run={run} />}
      {page.live.execution.rebindable.includes(selected) && <RebindButton run={selected} />}
      <InspectorTabs key={selected} id={selected} run={run} />
    </aside>
  )
}

function Heading({ run, id }: { run: NodeRun | undefined; id: string }) {
  const { t } = useTranslation()
  const text = useText()
  const page = useExecutionPage()
  const node = page.nodes.get(nodeOf(id))
  const owner = ownerOf(id)
  const record = recordLabel(page, id)
  const status: ShownStatus = run
    ? page.statusOf(run)
    : page.live.execution.notReached.includes(nodeOf(id))
      ? 'not-reached'
      : 'not-started'
  return (
    <div className="f-section">
      <div className="f-row f-inspector-title">
        {node && <TypeIcon icon={node.icon} group={node.group} />}
        <h2 className="f-grow">
          {node?.number} · {nodeTitle(page, id)}
        </h2>
        <StatusBadge status={status} />
      </div>
      <div className="f-row f-quiet">
        <span>{text(node?.typeTitle)}</span>
        <code>{id}</code>
      </div>
      {owner !== undefined && (
        <div className="f-row">
          <Button size="small" icon={<ChevronLeft size={14} />} onClick={() => page.select(owner)}>
            {t(record === undefined ? 'inspector.allItems' : 'inspector.allRecords')}
          </Button>
          <strong>{record}</strong>
        </div>
      )}
    </div>
  )
}

function RunState({ run, attempts }: { run: NodeRun; attempts: readonly NodeRun[] }) {
  const { t } = useTranslation()
  return (
    <dl className="f-head-facts">
      <Fact label={t('executions.started')}>
        <RelativeTime at={run.startedAt} />
      </Fact>
      <Fact label={t('executions.duration')}>
        <Elapsed from={run.startedAt} to={run.endedAt} />
      </Fact>
      <Fact label={t('execution.attempt')}>
        <AttemptPicker run={run} attempts={attempts} />
      </Fact>
      {run.wait?.until && <GoesOn until={run.wait.until} />}
      {run.wait?.tag && (
        <Fact label={t('inspector.workerWithTag')}>
          <code>{run.wait.tag}</code>
        </Fact>
      )}
      {run.worker && (
        <Fact label={t('inspector.worker')}>
          <code>{run.worker.slice(0, 8)}</code>
        </Fact>
      )}
    </dl>
  )
}

/** How long a wait for time still takes, and when it is over. */
function GoesOn({ until }: { until: string }) {
  const { t } = useTranslation()
  const tag = languageTags[useLanguage()]
  return (
    <>
      <Fact label={t('inspector.waitsFor')}>
        <Countdown until={until} />
      </Fact>
      <Fact label={t('inspector.goesOnAt')}>
        <time dateTime={until}>{absoluteTime(Date.parse(until), tag)}</time>
      </Fact>
    </>
  )
}
