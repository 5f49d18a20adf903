// Makes a schedule from an execution that completed, or changes one.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Input, InputNumber, Modal, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { changeSchedule, createSchedule, type Schedule } from '../../../api/contract/schedules.ts'
import { api } from '../../data/client.ts'
import { meQuery, schedulableQuery } from '../../data/queries.ts'
import { Field } from '../../ui/field.tsx'
import { useTypedText } from '../../ui/use-typed-text.ts'
import { NotSaved } from './not-saved.tsx'
import { NotifyFields, type PartProps } from './notify-fields.tsx'
import {
  bodyOf,
  type Draft,
  missedWays,
  type Opened,
  openedWith,
  overlapWays,
  recordWays,
} from './schedule-draft.ts'
import { TimingFields } from './timing-fields.tsx'
import { isWritten } from './timing-words.ts'

interface DialogProps {
  /** Undefined: a new one. */
  schedule?: Schedule
  /** Of a new one: the execution to begin with. */
  execution?: string
  onClose: () => void
  onDone: (schedule: Schedule) => void
}

/** Enough to tell new ones apart. */
function shortTime(): string {
  const at = new Date()
  const two = (part: number) => String(part).padStart(2, '0')
  return `${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`
}

export function ScheduleDialog({ schedule, execution, onClose, onDone }: DialogProps) {
  const { t } = useTranslation()
  const [opened, setOpened] = useState(() =>
    openedWith(schedule, { execution, name: t('schedules.newName', { at: shortTime() }) }),
  )
  const [draft, setDraft] = useState(opened.draft)
  const change = (changed: Partial<Draft>) => setDraft((known) => ({ ...known, ...changed }))
  const save = useSave(schedule, { draft, seq: opened.seq }, onDone)
  return (
    <Modal
      open
      width={640}
      style={{ top: 24 }}
      title={t(schedule ? 'schedules.change' : 'schedules.create')}
      okText={t(schedule ? 'schedules.save' : 'schedules.create')}
      cancelText={t('common.cancel')}
      okButtonProps={{ disabled: !isComplete(draft) }}
      confirmLoading={save.isPending}
      onOk={() => save.mutate()}
      onCancel={onClose}
    >
      <div className="f-stack">
        {!schedule && <ExecutionField draft={draft} change={change} />}
        <NameField draft={draft} change={change} />
        <TimingFields
          timing={draft.timing}
          timeZone={draft.timeZone}
          onTiming={(timing) => change({ timing })}
          onTimeZone={(timeZone) => change({ timeZone })}
        />
        <RoleField draft={draft} change={change} />
        <PolicyFields draft={draft} change={change} />
        <NotifyFields draft={draft} change={change} />
        {save.error && (
          <NotSaved
            error={save.error}
            edit={{ id: schedule?.id, opened: opened.draft, typed: draft }}
            onLoaded={(present, shown) => {
              setOpened(present)
              setDraft(shown)
              save.reset()
            }}
          />
        )}
      </div>
    </Modal>
  )
}

function useSave(
  schedule: Schedule | undefined,
  { draft, seq }: Opened,
  onDone: (schedule: Schedule) => void,
) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () =>
      schedule
        ? api.call(changeSchedule, { params: { id: schedule.id }, body: { ...bodyOf(draft), basedOn: seq } })
        : api.call(createSchedule, { body: { ...bodyOf(draft), execution: draft.execution ?? '' } }),
    onSuccess(saved) {
      void queries.invalidateQueries({ queryKey: ['schedules'] })
      void queries.invalidateQueries({ queryKey: ['schedule'] })
      onDone(saved)
    },
  })
}

const isComplete = ({ name, execution, timing }: Draft): boolean =>
  name.trim() !== '' && execution !== undefined && isWritten(timing)

function NameField({ draft, change }: PartProps) {
  const { t } = useTranslation()
  return (
    <Field label={t('schedules.name')}>
      {(id) => (
        <Input
          id={id}
          maxLength={50}
          value={draft.name}
          onChange={(event) => change({ name: event.target.value })}
        />
      )}
    </Field>
  )
}

function ExecutionField({ draft, change }: PartProps) {
  const { t } = useTranslation()
  const [q, setQ] = useState('')
  const [typed, setTyped] = useTypedText(q, setQ)
  const query = useQuery(schedulableQuery(q))
  const chosen = useChosen(draft.execution)
  const found = (query.data?.items ?? []).filter(({ id }) => id !== chosen?.id)
  const options = [...(chosen ? [chosen] : []), ...found]
    .filter(({ mayAct }) => mayAct)
    .map(({ id, workflowTitle, version, target }) => ({
      value: id,
      label: `#${id} ${workflowTitle} v${version}${target ? ` · ${target.label}` : ''}`,
    }))
  return (
    <Field label={t('schedules.execution')}>
      {(id) => (
        <Select
          id={id}
          showSearch={{ filterOption: false, searchValue: typed, onSearch: setTyped }}
          loading={query.isFetching}
          value={draft.execution ?? null}
          placeholder={t('schedules.executionHint')}
          notFoundContent={t('schedules.noneCompleted')}
          options={options}
          onChange={(execution) => change({ execution: execution ?? undefined })}
        />
      )}
    </Field>
  )
}

/** What is chosen has its name also where it is not among the latest. */
function useChosen(id: string | undefined) {
  const query = useQuery({ ...schedulableQuery(id ?? ''), enabled: id !== undefined })
  return query.data?.items.find((item) => item.id === id)
}

/** Whose members may change it too: one of mine. */
function RoleField({ draft, change }: PartProps) {
  const { t } = useTranslation()
  const me = useQuery(meQuery)
  const roles = new Set([...(me.data?.roles ?? []), ...(draft.role ? [draft.role] : [])])
  return (
    <Field label={t('schedules.role')}>
      {(id) => (
        <Select
          id={id}
          allowClear
          value={draft.role}
          placeholder={t('schedules.ownerOnly')}
          options={[...roles].map((value) => ({ value, label: value }))}
          onChange={(role) =>
            change({ role: role ?? null, ...(role ? {} : { to: draft.to.filter((who) => who !== 'role') }) })
          }
        />
      )}
    </Field>
  )
}

function PolicyFields({ draft, change }: PartProps) {
  const { t } = useTranslation()
  return (
    <>
      <div className="f-row">
        <Way name="missed" ways={missedWays} value={draft.missed} onChange={(missed) => change({ missed })} />
        <Way
          name="overlap"
          ways={overlapWays}
          value={draft.overlap}
          onChange={(overlap) => change({ overlap })}
        />
      </div>
      <div className="f-row">
        <Way
          name="record"
          ways={recordWays}
          value={draft.bindings}
          onChange={(bindings) => change({ bindings })}
        />
        <Field label={t('schedules.pauseAfter')}>
          {(id) => (
            <InputNumber
              id={id}
              min={1}
              max={1000}
              precision={0}
              value={draft.pauseAfter}
              placeholder={t('schedules.never')}
              onChange={(pauseAfter) => change({ pauseAfter })}
            />
          )}
        </Field>
      </div>
    </>
  )
}

interface WayProps<W extends string> {
  name: 'missed' | 'overlap' | 'record'
  ways: readonly W[]
  value: W
  onChange: (way: W) => void
}

function Way<W extends string>({ name, ways, value, onChange }: WayProps<W>) {
  const { t } = useTranslation()
  return (
    <Field
      label={t(name === 'record' ? 'schedules.records' : `schedules.${name}`)}
      className="f-section f-grow"
    >
      {(id) => (
        <Select<W>
          id={id}
          value={value}
          options={ways.map((way) => ({ value: way, label: t(`schedules.${name}Ways.${way as string}`) }))}
          onChange={onChange}
        />
      )}
    </Field>
  )
}
