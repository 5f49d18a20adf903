// The frame around every page: signed in or not, rail, top bar.
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query'
import { Outlet, useRouterState } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { changeMe, type Me, signOut } from '../api/contract/session.ts'
import { ApiError } from '../client/api-error.ts'
import { api } from './data/client.ts'
import { meQuery, tasksQuery } from './data/queries.ts'
import { useSessionEnded } from './data/session-ended.ts'
import { changeLanguage, isLanguage } from './i18n/languages.ts'
import { type FrameDialog, ShortcutKeys } from './shortcuts/shortcut-keys.tsx'
import { Crumbs } from './ui/crumbs.tsx'
import { ErrorPanel, Loading } from './ui/messages.tsx'
import { readPreference } from './ui/preferences.ts'
import { Rail } from './ui/rail.tsx'
import { TopBar } from './ui/top-bar.tsx'

const SignIn = lazy(() => import('./pages/sign-in/sign-in.tsx').then((page) => ({ default: page.SignIn })))
const SignInAgain = lazy(() =>
  import('./pages/sign-in/sign-in-again.tsx').then((page) => ({ default: page.SignInAgain })),
)

export function Shell() {
  const me = useQuery(meQuery)
  const hasEnded = useSessionEnded()
  const isStranger = me.error instanceof ApiError && me.error.status === 401
  if (me.data)
    return (
      <>
        <SignedIn me={me.data} />
        <Suspense>{(hasEnded || isStranger) && <SignInAgain user={me.data.name} />}</Suspense>
      </>
    )
  if (isStranger)
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
  const [dialog, setDialog] = useState<FrameDialog>()
  const content = useFocusOnArrival()
  useOwnLanguage(me)
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
        onDialog={setDialog}
        onSignOut={() => leave.mutate()}
      />
      <ShortcutKeys dialog={dialog} onDialog={setDialog} />
      <main id="main" ref={content} className="f-main" tabIndex={-1}>
        <Suspense fallback={<Loading />}>
          <Outlet />
        </Suspense>
      </main>
    </div>
  )
}

/** On another page the focus goes to what is new, and the rail folds; not when the page has put it somewhere. */
function useFocusOnArrival() {
  const content = useRef<HTMLElement>(null)
  // Of the page that is drawn: while it loads, the one before still holds the focus.
  const path = useRouterState({ select: ({ resolvedLocation }) => resolvedLocation?.pathname })
  const before = useRef<string>(undefined)
  useEffect(() => {
    const isFirst = before.current === undefined
    if (before.current === path) return
    before.current = path
    if (isFirst) return
    if (!content.current?.contains(document.activeElement)) content.current?.focus({ preventScroll: true })
  }, [path])
  return content
}

/** In a browser in which nobody has chosen a language, that of the user. */
function useOwnLanguage({ language }: Me): void {
  useEffect(() => {
    if (isLanguage(language) && readPreference('language') === undefined) void changeLanguage(language)
  }, [language])
}

/** With the user, so that mails and other browsers know; the choice holds here even if this fails. */
function rememberLanguage(language: string): void {
  if (isLanguage(language)) api.call(changeMe, { body: { language } }).catch(() => undefined)
}
