// What the server said, in the words of the console: by what exactly was refused, else by its code. What only the
// server can tell stays in its own words beside that.
import type { TFunction, TOptions } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { ProblemAnswer, Why } from '../../api/contract/shapes.ts'
import { useLanguage } from '../i18n/use-language.ts'
import { type ShownStatus, statusLegend } from './status-legend.ts'

/** Facts that are words of the product. */
const words: Record<string, (t: TFunction, value: string) => string> = {
  act: (t, act) => t([`run.acts.${act}`, `execution.acts.${act}`]),
  batchAct: (t, act) => t(`batches.acts.${act}`),
  batchState: (t, state) => t(`batches.states.${state}`),
  grant: (t, grant) => t(`grant.${grant}`),
  status: (t, status) => t(statusLegend[status as ShownStatus]?.text ?? status),
  type: (t, types) =>
    types
      .split(',')
      .map((type) => t(`valueType.${type}`))
      .join(' / '),
}

export function sayWhy(t: TFunction, why: Why): string | undefined {
  const { key, ...facts } = why
  const named = Object.entries(facts).map(([name, value]) => [name, words[name]?.(t, `${value}`) ?? value])
  const options: TOptions = { ...Object.fromEntries(named), defaultValue: '' }
  return String(t(`why.${key}`, options)) || undefined
}

/** Why nothing was started, as it was written down then: else in the words of the server, which are English. */
export function useWrittenReason(): (written: { reason?: string; why?: Why }) => string | undefined {
  const { t } = useTranslation()
  return ({ reason, why }) => (why && sayWhy(t, why)) ?? reason
}

export interface Complaint {
  code?: string | undefined
  why?: Why | undefined
  message: string
}

export interface Said {
  text: string
  /** In the words of the server, which are English. */
  detail?: string
}

/** One of the complaints about a piece of input. */
export function useComplaint(): (complaint: Complaint) => Said {
  const { t } = useTranslation()
  const language = useLanguage()
  return ({ code, why, message }) => {
    const text = why && sayWhy(t, why)
    if (text) return { text }
    if (language === 'en') return { text: message }
    const ofCode = t(`problem.${code}`, { defaultValue: '' })
    const byCode = t(`fault.${code}`, { defaultValue: ofCode })
    return byCode ? { text: byCode, detail: message } : { text: message }
  }
}

export interface Failure {
  code?: string | undefined
  kind?: string | undefined
  message?: string | undefined
}

/** People said it: whoever drew the workflow, whoever rejected. */
const saidByPeople = ['ended', 'rejected']

/** Their sentences say all that the English ones say. */
const saidInFull = [
  ...['http-not-json', 'interrupted', 'ssh-lost', 'stopped', 'unknown-answer'],
  ...['script-canceled', 'script-crashed', 'script-stuck'],
]

/** Why a node run or an execution failed. */
export function useFailure(): (failure: Failure) => Said {
  const { t } = useTranslation()
  const language = useLanguage()
  return ({ code = '', kind = 'failed', message }) => {
    const byKind = t(`failure.${kind}`, { defaultValue: t('failure.failed') })
    if (message === undefined) return { text: byKind }
    if (language === 'en' || saidByPeople.includes(code)) return { text: message }
    const byCode = t(`problem.${code}`, { defaultValue: byKind })
    const text = t(`runError.${code.replace(/^child-.*/, 'child')}`, { defaultValue: byCode })
    return saidInFull.includes(code) ? { text } : { text, detail: message }
  }
}

/** Their titles, and what to do, say all that those who look at the console can use. */
const saidByTitle = [
  'conflict',
  'http-error',
  'internal',
  'link-expired',
  'not-found',
  'too-many-requests',
  'unauthenticated',
  'unavailable',
  'unreachable',
  'wrong-password',
]

/** What was refused; `title` is that of its code. */
export function useRefusal(): (problem: ProblemAnswer) => { title: string; text?: string; detail?: string } {
  const { t } = useTranslation()
  return ({ code, title, detail, why, problems = [] }) => {
    const byCode = { title: t(`problem.${code}`, { defaultValue: title }) }
    const text = why && sayWhy(t, why)
    if (text) return { ...byCode, text }
    return problems.length > 0 || saidByTitle.includes(code) ? byCode : { ...byCode, detail }
  }
}
