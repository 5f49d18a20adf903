// The frame around every page: signed in or not, rail, top bar.
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query'
import { Outlet } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { changeMe, type Me, signOut } from '../api/contract/session.ts'
import { ApiError } from '../client/api-error.ts'
import { api } from './data/client.ts'
import { meQuery, tasksQuery } from './data/queries.ts'
import { isLanguage } from './i18n/languages.ts'
import { Crumbs } from './ui/crumbs.tsx'
import { ErrorPanel, Loading } from './ui/messages.tsx'
import { Rail } from './ui/rail.tsx'
import { TopBar } from './ui/top-bar.tsx'

const SignIn = lazy(() => import('./pages/sign-in/sign-in.tsx').then((page) => ({ default: page.SignIn })))

export function Shell() {
  const me = useQuery(meQuery)
  if (me.data) return <SignedIn me={me.data} />
  if (me.error instanceof ApiError && me.error.status === 401)
    return (
      <Suspense fallback={<Loading />}>
        <SignIn />
      </Suspense>
    )
  if (me.error) return <ErrorPanel error={me.error} onRetry={() => void me.refetch()} />
  return <Loading />
}

function SignedIn({ me }: { me: Me }) {
  const { t } = useTranslation()
  const tasks = useInfiniteQuery(tasksQuery({ box: 'mine', status: 'open' }))
  const leave = useMutation({
    mutationFn: () => api.call(signOut),
    // A fresh start: nothing this user saw stays in memory.
    onSettled: () => window.location.assign('/'),
  })
  return (
    <div className="f-frame-root">
      <a className="f-skip" href="#main">
        {t('nav.skip')}
      </a>
      <Rail
        taskCount={tasks.data?.pages.flatMap((page) => page.items).length ?? 0}
        permissions={me.permissions}
      />
      <TopBar
        crumbs={<Crumbs />}
        userName={me.displayName}
        onLanguage={rememberLanguage}
        onSignOut={() => leave.mutate()}
      />
      <main id="main" className="f-main" tabIndex={-1}>
        <Suspense fallback={<Loading />}>
          <Outlet />
        </Suspense>
      </main>
    </div>
  )
}

/** With the user, so that mails and other browsers know; the choice holds here even if this fails. */
function rememberLanguage(language: string): void {
  if (isLanguage(language)) api.call(changeMe, { body: { language } }).catch(() => undefined)
}
