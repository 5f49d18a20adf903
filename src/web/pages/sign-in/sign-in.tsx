import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Me } from '../../../api/contract/session.ts'
import { meQuery } from '../../data/queries.ts'
import { setSessionEnded } from '../../data/session-ended.ts'
import brand from '../../ui/fermata.svg'
import { LanguageSwitch, ThemeSwitch } from '../../ui/top-bar.tsx'
import { SignInForm } from './sign-in-form.tsx'

/** Shown in place of any page until somebody has signed in, so that links keep working. */
export function SignIn() {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const enter = (me: Me) => {
    queries.setQueryData(meQuery.queryKey, me)
    setSessionEnded(false)
  }
  return (
    <main className="f-signin">
      <div className="f-signin-box">
        <div className="f-signin-brand">
          <img src={brand} alt="" />
          <div>
            <h1>Fermata</h1>
            <p className="f-quiet">{t('signIn.tagline')}</p>
          </div>
        </div>
        <SignInForm onSignedIn={enter} />
        <p className="f-quiet">{t('signIn.hint')}</p>
        <div className="f-row">
          <LanguageSwitch />
          <ThemeSwitch />
        </div>
      </div>
    </main>
  )
}
