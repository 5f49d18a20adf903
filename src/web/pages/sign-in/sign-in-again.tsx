// The session has ended in the middle of the work. It covers everything: what was open is kept, and shown to nobody else.
import { useQueryClient } from '@tanstack/react-query'
import { Modal } from 'antd'
import { useEffect, useEffectEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { getMe, type Me } from '../../../api/contract/session.ts'
import { api } from '../../data/client.ts'
import { meQuery } from '../../data/queries.ts'
import { setSessionEnded } from '../../data/session-ended.ts'
import { SignInForm } from './sign-in-form.tsx'
import './sign-in-again.css'

/** Above dialogs and whatever else floats. */
const above = 3000

export function SignInAgain({ user }: { user: string }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const goOn = (me: Me) => {
    // Somebody else begins anew: neither what was shown nor what was typed is theirs.
    if (me.name !== user) return window.location.reload()
    queries.setQueryData(meQuery.queryKey, me)
    setSessionEnded(false)
    void queries.invalidateQueries()
  }
  useSignedInElsewhere(goOn)
  return (
    <Modal
      open
      centered
      width={400}
      closable={false}
      keyboard={false}
      zIndex={above}
      footer={null}
      rootClassName="f-signin-again"
      title={t('signIn.again')}
    >
      <div className="f-stack">
        <p>{t('signIn.againText', { name: user })}</p>
        <SignInForm user={user} onSignedIn={goOn} />
        <a href="/">{t('signIn.other')}</a>
      </div>
    </Modal>
  )
}

/** In another tab, by password or by a link. */
function useSignedInElsewhere(goOn: (me: Me) => void): void {
  const look = useEffectEvent(() => {
    if (!document.hidden) api.call(getMe).then(goOn, () => undefined)
  })
  useEffect(() => {
    const onLook = () => look()
    document.addEventListener('visibilitychange', onLook)
    window.addEventListener('focus', onLook)
    return () => {
      document.removeEventListener('visibilitychange', onLook)
      window.removeEventListener('focus', onLook)
    }
  }, [])
}
