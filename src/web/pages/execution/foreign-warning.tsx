// Whoever acts on an execution of somebody else is told so, once for each execution.
import { useQuery } from '@tanstack/react-query'
import { Alert } from 'antd'
import { useTranslation } from 'react-i18next'
import { meQuery } from '../../data/queries.ts'
import { useExecutionPage } from './context.ts'

const warnedOf = new Set<string>()

interface Warning {
  /** Who started it; undefined: nothing to warn of. */
  starter: string | undefined
  /** Not again for this execution. */
  seen: () => void
}

export function useForeignWarning(): Warning {
  const { execution } = useExecutionPage().now
  const me = useQuery(meQuery)
  const isForeign = me.data !== undefined && me.data.name !== execution.startedBy
  const starter = isForeign && !warnedOf.has(execution.id) ? execution.startedBy : undefined
  return { starter, seen: () => void warnedOf.add(execution.id) }
}

export function ForeignWarning({ warning }: { warning: Warning }) {
  const { t } = useTranslation()
  if (warning.starter === undefined) return null
  return <Alert type="warning" showIcon title={t('act.foreign', { name: warning.starter })} />
}
