// What stands where something failed and while something loads.
import { Alert, Button, Skeleton } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ProblemAnswer } from '../../api/contract/shapes.ts'
import { ApiError, isMissing } from '../../client/api-error.ts'
import { adviceFor } from './advice.ts'
import { NotFound } from './not-found.tsx'
import { ProgramWords } from './said-text.tsx'
import { type Complaint, useComplaint, useRefusal } from './sentences.ts'

interface ErrorProps {
  error: unknown
  /** What was tried, e.g. "The executions could not be loaded". */
  title?: string | undefined
  onRetry?: (() => void) | undefined
  /** What may be done about it, under what is said. */
  children?: ReactNode
}

/** What happened, where, and what to do. */
export function ErrorPanel({ error, title, onRetry, children }: ErrorProps) {
  const { t } = useTranslation()
  const problem = error instanceof ApiError ? error.problem : undefined
  // Without an answer nobody knows whether it was done.
  const tried = problem?.code === 'unreachable' ? undefined : title
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
        tried ?? (problem ? t(`problem.${problem.code}`, { defaultValue: problem.title }) : t('error.title'))
      }
      description={
        <>
          {problem ? (
            <Refusal problem={problem} isTitled={title !== undefined} />
          ) : (
            <p>
              <ProgramWords text={error instanceof Error ? error.message : String(error)} />
            </p>
          )}
          <p className="f-quiet">{t(adviceFor(problem))}</p>
          {children}
        </>
      }
      {...(retry ? { action: retry } : {})}
    />
  )
}

/** `isTitled`: what was tried stands above it, not what its code means. */
function Refusal({ problem, isTitled }: { problem: ProblemAnswer; isTitled: boolean }) {
  const { title, text, detail } = useRefusal()(problem)
  const { pointer, problems = [] } = problem
  return (
    <>
      {isTitled && <p>{title}</p>}
      {text && <p>{text}</p>}
      {detail && (
        <p>
          <ProgramWords text={detail} />
        </p>
      )}
      {pointer && problems.length === 0 && <p className="f-code">{fieldOf(pointer)}</p>}
      <Problems problems={problems} />
    </>
  )
}

/** As people know it: without the part of the request it was sent in. */
const fieldOf = (pointer: string) => pointer.replace(/^\/(inputs|values)?\/?/, '').replaceAll('/', ' › ')

export interface LocatedProblem extends Complaint {
  pointer: string
  node?: string | undefined
}

export function Problems({ problems }: { problems: readonly LocatedProblem[] | undefined }) {
  const say = useComplaint()
  if (!problems || problems.length === 0) return null
  return (
    <ul className="f-problems">
      {problems.map((problem) => {
        const { text, detail } = say(problem)
        return (
          <li key={`${problem.pointer} ${problem.message}`}>
            <code>{problem.node ?? fieldOf(problem.pointer)}</code> {text}{' '}
            {detail && <ProgramWords text={detail} />}
          </li>
        )
      })}
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
