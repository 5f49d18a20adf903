// Whom to tell of what, and where they are told.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Checkbox, Input, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { changeMe } from '../../../api/contract/session.ts'
import { api } from '../../data/client.ts'
import { meQuery } from '../../data/queries.ts'
import { Field } from '../../ui/field.tsx'
import { ErrorPanel } from '../../ui/messages.tsx'
import { type Draft, events } from './schedule-draft.ts'

export interface PartProps {
  draft: Draft
  change: (changed: Partial<Draft>) => void
}

export function NotifyFields({ draft, change }: PartProps) {
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
          <Recipients draft={draft} change={change} />
          <Field label={t('schedules.mail')}>
            {(id) => (
              <Select
                id={id}
                mode="tags"
                open={false}
                value={draft.mail}
                tokenSeparators={[',', ';', ' ']}
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

/** By mail, at the addresses users have. */
function Recipients({ draft, change }: PartProps) {
  const { t } = useTranslation()
  const me = useQuery(meQuery)
  return (
    <fieldset className="f-section f-bare">
      <legend>{t('schedules.mailTo')}</legend>
      <Checkbox.Group
        value={draft.to}
        options={[
          { value: 'owner', label: t('schedules.to.owner') },
          { value: 'role', label: t('schedules.to.role'), disabled: draft.role === null },
        ]}
        onChange={(to) => change({ to: to as Draft['to'] })}
      />
      {draft.to.includes('owner') && me.data && !me.data.mail && <MyMail />}
    </fieldset>
  )
}

/** Nothing could be sent to whoever has no address. */
function MyMail() {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [mail, setMail] = useState('')
  const save = useMutation({
    mutationFn: () => api.call(changeMe, { body: { mail: mail.trim() } }),
    onSuccess: (me) => queries.setQueryData(meQuery.queryKey, me),
  })
  return (
    <>
      <Field label={t('schedules.myMail')}>
        {(id) => (
          <div className="f-row">
            <Input
              id={id}
              type="email"
              className="f-grow"
              value={mail}
              onChange={(event) => setMail(event.target.value)}
            />
            <Button disabled={mail.trim() === ''} loading={save.isPending} onClick={() => save.mutate()}>
              {t('schedules.save')}
            </Button>
          </div>
        )}
      </Field>
      {save.error && <ErrorPanel error={save.error} />}
    </>
  )
}
