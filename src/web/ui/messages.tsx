// What stands where something failed and while something loads.
import { Alert, Button, Skeleton } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError, isMissing } from '../../client/api-error.ts'
import { adviceFor } from './advice.ts'
import { NotFound } from './not-found.tsx'

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

interface FailureProps {
  error: unknown
  onRetry: () => void
  /** Says so where what is asked for is gone; default: the page for it, with a way back. */
  missing?: ReactNode
}

/** Instead of what was asked for. */
export function Failure({ error, onRetry, missing = <NotFound /> }: FailureProps) {
  return isMissing(error) ? missing : <ErrorPanel error={error} onRetry={onRetry} />
}

interface LoadedProps {
  query: { error: unknown; data: unknown; refetch: () => unknown }
  missing?: ReactNode
  children: () => ReactNode
}

/** Loading, failed or there. What is gone is not shown any more; what could not be read again is. */
export function Loaded({ query, missing, children }: LoadedProps) {
  const isShown = query.data !== undefined && !isMissing(query.error)
  if (isShown) return <>{children()}</>
  if (!query.error) return <Loading />
  return <Failure error={query.error} onRetry={() => void query.refetch()} missing={missing} />
}
