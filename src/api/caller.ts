// Who calls, and what the caller may do with which workflow.
import type { Visible } from '../store/where.ts'
import type { Grant } from './contract/route.ts'

export interface Caller {
  name: string
  displayName: string
  userId: string
  roles: readonly string[]
  language?: 'en' | 'zh' | 'ru'
  isAdmin: boolean
  mayDesign: boolean
  /** The session came as a cookie: the browser sent it by itself, so the request must prove its origin. */
  byCookie: boolean
  /** How tasks name this user: `alice`, `role:ops` … */
  assignees: readonly string[]
  /** Empty for workflows the caller does not see. */
  grantsOn(workflow: string): Promise<readonly Grant[]>
  workflowsWith(grant: Grant): Promise<Visible>
}
