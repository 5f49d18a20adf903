// What was said by the console, and beside it what only a program could say, in its own words.
import { useTranslation } from 'react-i18next'
import { type Failure, useFailure } from './sentences.ts'

/** Of this program, of a host, of a database: English as a rule. */
export function ProgramWords({ text }: { text: string }) {
  const { t } = useTranslation()
  return (
    <span className="f-quiet f-break">
      {t('error.says')} <span lang="en">{text}</span>
    </span>
  )
}

/** Why something failed, in a line. */
export function FailureText({ failure }: { failure: Failure }) {
  const { text, detail } = useFailure()(failure)
  return (
    <>
      {text} {detail && <ProgramWords text={detail} />}
    </>
  )
}
