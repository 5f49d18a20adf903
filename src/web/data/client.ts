import { type Client, createClient } from '../../client/client.ts'

/** The console speaks to the server it came from, with the session cookie. */
export const api: Client = createClient({ baseUrl: '' })
