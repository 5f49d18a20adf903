import Type, { type Static } from 'typebox'
import { defineRoute } from './route.ts'
import { Mail, Name, Nothing, strict } from './shapes.ts'

export const languages = ['en', 'zh', 'ru'] as const

export const Me = Type.Object({
  name: Type.String(),
  displayName: Type.String(),
  roles: Type.Array(Type.String()),
  language: Type.Optional(Type.Enum([...languages])),
  /** Where notifications for this user go. */
  mail: Type.Optional(Type.String()),
  /** What the console may offer, e.g. `workflow.create`, `user.manage`. Rights on one workflow are in `Workflow.grants`. */
  permissions: Type.Array(Type.String()),
})
export type Me = Static<typeof Me>

/** Sets the cookie `fermata_sid`. */
export const signIn = defineRoute({
  method: 'POST',
  path: '/api/v1/session',
  permission: 'public',
  summary: 'Sign in with user name and password',
  body: Type.Object({ username: Name, password: Type.String({ minLength: 1, maxLength: 1000 }) }, strict),
  answer: Me,
})

export const signOut = defineRoute({
  method: 'DELETE',
  path: '/api/v1/session',
  permission: 'signed-in',
  summary: 'Sign out',
  answer: Nothing,
})

export const getMe = defineRoute({
  method: 'GET',
  path: '/api/v1/session',
  permission: 'signed-in',
  summary: 'Who am I and what may I do',
  answer: Me,
})

export const changeMe = defineRoute({
  method: 'PATCH',
  path: '/api/v1/session',
  permission: 'signed-in',
  summary: 'Change my language or my mail address',
  body: Type.Object(
    {
      language: Type.Optional(Type.Enum([...languages])),
      mail: Type.Optional(Type.Union([Mail, Type.Null()])),
    },
    strict,
  ),
  answer: Me,
})

/** The printed link: exchanges the one-time code for a cookie and redirects to `/`. */
export const signInByLink = defineRoute({
  method: 'GET',
  path: '/sign-in',
  permission: 'public',
  summary: 'Sign in by a one-time link',
  query: Type.Object({ link: Type.Optional(Type.String({ maxLength: 500 })) }, strict),
  answer: Nothing,
  status: 302,
  media: 'text',
})
