// Names the act and how many it concerns, asks for a reason, and then tells what became of each.
import { useMutation } from '@tanstack/react-query'
import { Modal } from 'antd'
import { Check, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type ActResult, actOnExecutions } from '../../../api/contract/execution-lists.ts'
import type { ExecutionListItem, ExecutionSummary } from '../../../api/contract/executions.ts'
import { api } from '../../data/client.ts'
import { ErrorPanel } from '../../ui/messages.tsx'
import { lacksReason, ReasonField, reasonOf } from '../../ui/reason-field.tsx'
import { ProgramWords } from '../../ui/said-text.tsx'
import { useRefusal } from '../../ui/sentences.ts'
import type { BulkAct } from './bulk-acts.ts'

export type { BulkAct }

interface DialogProps {
  act: BulkAct
  rows: readonly ExecutionListItem[]
  onDone: (changed: ExecutionSummary[]) => void
  onClose: () => void
}

const atOnce = 200

export function BulkDialog({ act, rows, onDone, onClose }: DialogProps) {
  const { t } = useTranslation()
  const [reason, setReason] = useState('')
  const [results, setResults] = useState<ActResult[]>([])
  const send = useMutation({
    async mutationFn() {
      setResults([])
      for (let first = 0; first < rows.length; first += atOnce) {
        const ids = rows.slice(first, first + atOnce).map(({ id }) => id)
        const { items } = await api.call(actOnExecutions, { body: { act, ids, ...reasonOf(reason) } })
        setResults((known) => [...known, ...items])
        onDone(items.flatMap(({ execution }) => execution ?? []))
      }
    },
  })
  const isDone = send.isSuccess
  const isMute = !isDone && lacksReason(act, reason)
  const verb = t(`execution.acts.${act}`)
  return (
    <Modal
      open
      title={t(`executions.bulk.title.${act}`, { count: rows.length })}
      okText={isDone ? t('common.close') : verb}
      cancelText={t('common.cancel')}
      okButtonProps={{
        danger: act === 'terminate' && !isDone,
        disabled: isMute,
        ...(isMute ? { title: t('act.sayWhy') } : {}),
      }}
      cancelButtonProps={isDone ? { style: { display: 'none' } } : {}}
      confirmLoading={send.isPending}
      onOk={() => (isDone ? onClose() : send.mutate())}
      onCancel={onClose}
    >
      <div className="f-stack">
        {!isDone && (
          <>
            <p>{t(`executions.bulk.text.${act}`)}</p>
            <Names rows={rows} />
            <ReasonField act={act} value={reason} onChange={setReason} />
          </>
        )}
        {results.length > 0 && <Results rows={rows} results={results} />}
        {send.error && <ErrorPanel error={send.error} title={t('act.refused')} />}
      </div>
    </Modal>
  )
}

const mostNames = 5
const nameOf = (row: ExecutionListItem) =>
  `#${row.id} ${row.workflowTitle}${row.target ? ` · ${row.target.label}` : ''}`

function Names({ rows }: { rows: readonly ExecutionListItem[] }) {
  const { t } = useTranslation()
  return (
    <ul className="f-bulk-names">
      {rows.slice(0, mostNames).map((row) => (
        <li key={row.id}>{nameOf(row)}</li>
      ))}
      {rows.length > mostNames && <li>{t('common.more', { count: rows.length - mostNames })}</li>}
    </ul>
  )
}

/** What was refused first. */
function Results({ rows, results }: { rows: readonly ExecutionListItem[]; results: readonly ActResult[] }) {
  const { t } = useTranslation()
  const names = new Map(rows.map((row) => [row.id, nameOf(row)]))
  const done = results.filter((result) => result.done).length
  const sorted = [...results].sort((one, other) => Number(one.done) - Number(other.done))
  return (
    <>
      <p role="status">{t('executions.bulk.done', { count: results.length, done })}</p>
      <ul className="f-bulk-results">
        {sorted.map(({ id, done: isDone, problem }) => (
          <li key={id} data-done={isDone}>
            {isDone ? <Check size={14} aria-hidden /> : <X size={14} aria-hidden />}
            <span>
              {names.get(id) ?? `#${id}`}
              {problem && <WhyNot problem={problem} />}
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}

function WhyNot({ problem }: { problem: NonNullable<ActResult['problem']> }) {
  const { title, text, detail } = useRefusal()(problem)
  return (
    <span className="f-quiet">
      {' '}
      {text ?? title} {!text && detail && <ProgramWords text={detail} />}
    </span>
  )
}
