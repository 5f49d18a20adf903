import { getMe } from '../../api/contract/session.ts'
import { type Client, createClient } from '../../client/client.ts'
import { setSessionEnded } from './session-ended.ts'

/** A refusal to say who one is, or of a password, is answered to those who are not signed in: no session has ended. */
const isOfStrangers = (url: string, method: string | undefined): boolean =>
  url === getMe.path && method !== 'PATCH'

async function watched(url: string | URL | Request, init?: RequestInit): Promise<Response> {
  const response = await fetch(url, init)
  if (response.status === 401 && !isOfStrangers(`${url}`, init?.method)) setSessionEnded(true)
  return response
}

/** The console speaks to the server it came from, with the session cookie. */
export const api: Client = createClient({ baseUrl: '', fetch: watched })
