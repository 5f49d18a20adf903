// What stands where there is nothing, where something failed and while something loads.
import { Alert, Button, Skeleton } from 'antd'
import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../../client/api-error.ts'
import { adviceFor } from './advice.ts'

interface EmptyProps {
  icon: LucideIcon
  title: string
  /** What this place is for. */
  text: string
  /** The first act. */
  action?: ReactNode
}

export function EmptyState({ icon: Icon, title, text, action }: EmptyProps) {
  return (
    <div className="f-empty">
      <Icon size={28} strokeWidth={1.5} aria-hidden />
      <h3>{title}</h3>
      <p>{text}</p>
      {action}
    </div>
  )
}

interface ErrorProps {
  error: unknown
  /** What was tried, e.g. "The executions could not be loaded". */
  title?: string | undefined
  onRetry?: (() => void) | undefined
}

/** What happened, where, and what to do. */
export function ErrorPanel({ error, title, onRetry }: ErrorProps) {
  const { t } = useTranslation()
  const problem = error instanceof ApiError ? error.problem : undefined
  const retry = onRetry && (
    <Button size="small" onClick={onRetry}>
      {t('error.tryAgain')}
    </Button>
  )
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      className="f-error"
      title={
        title ?? (problem ? t(`problem.${problem.code}`, { defaultValue: problem.title }) : t('error.title'))
      }
      description={
        <>
          <Detail error={error} />
          {problem?.pointer && <p className="f-code">{problem.pointer}</p>}
          <Problems problems={problem?.problems} />
          <p className="f-quiet">{t(adviceFor(problem))}</p>
        </>
      }
      {...(retry ? { action: retry } : {})}
    />
  )
}

/** Their titles, and what to do, say all that those who look at the console can use; the answer has the rest, in English. */
const saidByTitle = ['not-found', 'internal', 'unavailable', 'unreachable', 'http-error']

function Detail({ error }: { error: unknown }) {
  const { t } = useTranslation()
  if (!(error instanceof ApiError)) return <p>{error instanceof Error ? error.message : String(error)}</p>
  const { code, detail, permission } = error.problem
  if (permission !== undefined) return <p>{t('error.permission', { permission })}</p>
  return saidByTitle.includes(code) ? null : <p>{detail}</p>
}

export interface LocatedProblem {
  message: string
  pointer: string
  node?: string | undefined
}

export function Problems({ problems }: { problems: readonly LocatedProblem[] | undefined }) {
  if (!problems || problems.length === 0) return null
  return (
    <ul className="f-problems">
      {problems.map((problem) => (
        <li key={`${problem.pointer} ${problem.message}`}>
          <code>{problem.node ?? problem.pointer}</code> {problem.message}
        </li>
      ))}
    </ul>
  )
}

export function Loading() {
  const { t } = useTranslation()
  return (
    <div className="f-loading" role="status" aria-label={t('common.loading')}>
      <Skeleton active paragraph={{ rows: 6 }} />
    </div>
  )
}

interface QueryView {
  error: unknown
  data: unknown
  refetch: () => unknown
}

/** Loading, failed or there. */
export function Loaded({ query, children }: { query: QueryView; children: () => ReactNode }) {
  if (query.data === undefined && query.error)
    return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />
  if (query.data === undefined) return <Loading />
  return <>{children()}</>
}
