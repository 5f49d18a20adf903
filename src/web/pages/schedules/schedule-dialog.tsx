// Makes a schedule from an execution that completed, or changes one.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Checkbox, Input, InputNumber, Modal, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { changeSchedule, createSchedule, type Schedule } from '../../../api/contract/schedules.ts'
import { api } from '../../data/client.ts'
import { schedulableQuery } from '../../data/queries.ts'
import { Field } from '../../ui/field.tsx'
import { ErrorPanel } from '../../ui/messages.tsx'
import { useTypedText } from '../../ui/use-typed-text.ts'
import { bodyOf, type Draft, draftOf, events, missedWays, overlapWays, recordWays } from './schedule-draft.ts'
import { TimingFields } from './timing-fields.tsx'

interface DialogProps {
  /** Undefined: a new one. */
  schedule?: Schedule
  /** Of a new one: the execution to begin with. */
  execution?: string
  onClose: () => void
  onDone: (schedule: Schedule) => void
}

export function ScheduleDialog({ schedule, execution, onClose, onDone }: DialogProps) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [draft, setDraft] = useState<Draft>(() => draftOf(schedule, execution))
  const change = (changed: Partial<Draft>) => setDraft((known) => ({ ...known, ...changed }))
  const save = useMutation({
    mutationFn: () =>
      schedule
        ? api.call(changeSchedule, { params: { id: schedule.id }, body: bodyOf(draft) })
        : api.call(createSchedule, { body: { ...bodyOf(draft), execution: draft.execution ?? '' } }),
    onSuccess(saved) {
      void queries.invalidateQueries({ queryKey: ['schedules'] })
      void queries.invalidateQueries({ queryKey: ['schedule'] })
      onDone(saved)
    },
  })
  return (
    <Modal
      open
      width={640}
      title={t(schedule ? 'schedules.change' : 'schedules.create')}
      okText={t(schedule ? 'schedules.save' : 'schedules.create')}
      cancelText={t('common.cancel')}
      okButtonProps={{ disabled: draft.name.trim() === '' || (!schedule && !draft.execution) }}
      confirmLoading={save.isPending}
      onOk={() => save.mutate()}
      onCancel={onClose}
    >
      <div className="f-stack">
        {!schedule && <ExecutionField draft={draft} change={change} />}
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
        <TimingFields
          timing={draft.timing}
          timeZone={draft.timeZone}
          onTiming={(timing) => change({ timing })}
          onTimeZone={(timeZone) => change({ timeZone })}
        />
        <PolicyFields draft={draft} change={change} />
        <NotifyFields draft={draft} change={change} />
        {save.error && <ErrorPanel error={save.error} title={t('schedules.notSaved')} />}
      </div>
    </Modal>
  )
}

interface PartProps {
  draft: Draft
  change: (changed: Partial<Draft>) => void
}

function ExecutionField({ draft, change }: PartProps) {
  const { t } = useTranslation()
  const [q, setQ] = useState('')
  const [typed, setTyped] = useTypedText(q, setQ)
  const query = useQuery(schedulableQuery(q))
  const options = (query.data?.items ?? []).map(({ id, workflowTitle, version, target }) => ({
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

function NotifyFields({ draft, change }: PartProps) {
  const { t } = useTranslation()
  return (
    <>
      <fieldset className="f-section f-bare">
        <legend>{t('schedules.notifyOn')}</legend>
        <Checkbox.Group
          value={draft.on}
          options={events.map((value) => ({ value, label: t(`schedules.events.${value}`) }))}
          onChange={(on) => change({ on: on as Draft['on'] })}
        />
      </fieldset>
      {draft.on.length > 0 && (
        <>
          <Field label={t('schedules.mail')}>
            {(id) => (
              <Select
                id={id}
                mode="tags"
                open={false}
                value={draft.mail}
                onChange={(mail) => change({ mail })}
              />
            )}
          </Field>
          <Field label={t('schedules.webhook')}>
            {(id) => (
              <Input
                id={id}
                value={draft.webhook}
                placeholder="https://"
                onChange={(event) => change({ webhook: event.target.value })}
              />
            )}
          </Field>
        </>
      )}
    </>
  )
}
