// Why a schedule was not saved. Somebody else may have changed it: what was typed stays, and goes on from what is there now.
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../../../client/api-error.ts'
import { scheduleQuery } from '../../data/queries.ts'
import { ErrorPanel } from '../../ui/messages.tsx'
import {
  changedFields,
  type Draft,
  fieldNames,
  type Opened,
  openedWith,
  withTyped,
} from './schedule-draft.ts'

interface Edit {
  /** Undefined: a new one. */
  id: string | undefined
  opened: Draft
  typed: Draft
}

interface NotSavedProps {
  error: Error
  edit: Edit
  /** The state to go on from, and what the dialog shows then. */
  onLoaded: (present: Opened, shown: Draft) => void
}

export function NotSaved({ error, edit, onLoaded }: NotSavedProps) {
  const { t } = useTranslation()
  const isOvertaken = error instanceof ApiError && error.problem.why?.key === 'schedule-changed'
  return (
    <ErrorPanel error={error} title={t('schedules.notSaved')}>
      {isOvertaken && edit.id !== undefined && <Overtaken edit={edit} id={edit.id} onLoaded={onLoaded} />}
    </ErrorPanel>
  )
}

function Overtaken({ id, edit, onLoaded }: Omit<NotSavedProps, 'error'> & { id: string }) {
  const { t } = useTranslation()
  const { opened, typed } = edit
  // Never from before the refusal.
  const query = useQuery({ ...scheduleQuery(id), staleTime: 0, refetchOnMount: 'always' })
  if (!query.data || query.isFetching) return null
  const present = openedWith(query.data)
  const theirs = changedFields(opened, present.draft)
  return (
    <>
      {theirs.length > 0 && (
        <p>{t('schedules.changedFields', { fields: theirs.map((key) => t(fieldNames[key])).join(', ') })}</p>
      )}
      <div className="f-row">
        <Button size="small" onClick={() => onLoaded(present, withTyped(present.draft, opened, typed))}>
          {t('schedules.keepTyped')}
        </Button>
        <Button size="small" onClick={() => onLoaded(present, present.draft)}>
          {t('schedules.loadPresent')}
        </Button>
      </div>
    </>
  )
}
