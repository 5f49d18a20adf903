// PostgreSQL refuses to run as root: who runs it then, and what that user can reach.
import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

export interface RunAs {
  uid: number
  gid: number
}

/**
 * The user that must run the database: undefined for "the one who runs us". Root keeps the owner of data
 * that is there already, else takes `nobody` or whatever unprivileged user the machine knows.
 */
export function chooseRunAs(dataFolder: string): RunAs | undefined {
  if (process.getuid?.() !== 0) return undefined
  const there = statSync(dataFolder, { throwIfNoEntry: false })
  if (there && there.uid !== 0) return { uid: there.uid, gid: there.gid }
  return unprivilegedUser(readFileSync('/etc/passwd', 'utf8'))
}

/** Picks `nobody`, else the first user that is not root, from the text of /etc/passwd. */
export function unprivilegedUser(passwd: string): RunAs {
  const users = passwd
    .split('\n')
    .filter((line) => line.includes(':') && !line.startsWith('#'))
    .map((line) => line.split(':'))
    .map(([name, , uid, gid]) => ({ name, uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 }))
    .filter((user) => user.uid !== 0 && user.gid !== 0)
  const { uid, gid } = users.find((user) => user.name === 'nobody') ?? users[0] ?? { uid: 65534, gid: 65534 }
  return { uid, gid }
}

/** Whether `who` can enter every folder on the way to `path`, and read and enter (or run) `path` itself. */
export function isReachable(path: string, who: RunAs | undefined, wanted = 0o5): boolean {
  if (!who) return true
  if (!existsSync(path)) return false
  let folder = realpathSync(path)
  if (!allows(folder, who, wanted)) return false
  while (folder !== dirname(folder)) {
    folder = dirname(folder)
    if (!allows(folder, who, 0o1)) return false
  }
  return true
}

function allows(path: string, who: RunAs, wanted: number): boolean {
  const entry = statSync(path, { throwIfNoEntry: false })
  if (!entry) return false
  const shift = entry.uid === who.uid ? 6 : entry.gid === who.gid ? 3 : 0
  return ((entry.mode >> shift) & wanted) === wanted
}
