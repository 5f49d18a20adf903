// Host keys of SSH servers: recorded at first use; a changed one is refused until an administrator forgets it.
import { AppError } from '../../core/errors.ts'
import type { Db } from '../../store/db.ts'

export interface KnownHost {
  host: string
  port: number
  /** `SHA256:…` as OpenSSH prints it. */
  fingerprint: string
  addedBy: string
  addedAt: Date
}

/** What `ctx.knownHosts` of a node is made of; `by` is recorded with each new host. */
export function knownHostsFor(db: Db, by: string) {
  return {
    async find(host: string, port: number): Promise<string | undefined> {
      const [row] = await db.query<{ fingerprint: string }>(
        'select fingerprint from fermata.known_hosts where host = lower($1) and port = $2',
        [host, port],
      )
      return row?.fingerprint
    },
    /** Throws `conflict` when another key is recorded already. */
    async remember(host: string, port: number, fingerprint: string): Promise<void> {
      const added = await db.run(
        `insert into fermata.known_hosts (host, port, fingerprint, added_by) values (lower($1), $2, $3, $4)
         on conflict do nothing`,
        [host, port, fingerprint, by],
      )
      if (added || (await this.find(host, port)) === fingerprint) return
      throw new AppError('conflict', `Another host key is recorded for ${host}:${port}`)
    },
  }
}

export async function listKnownHosts(db: Db): Promise<KnownHost[]> {
  return db.query<KnownHost>(
    `select host, port, fingerprint, added_by as "addedBy", added_at as "addedAt"
     from fermata.known_hosts order by host, port`,
  )
}

/** After the host was installed anew: its next key is recorded again. Throws `not-found`. */
export async function forgetHost(db: Db, host: string, port: number): Promise<void> {
  const removed = await db.run('delete from fermata.known_hosts where host = lower($1) and port = $2', [
    host,
    port,
  ])
  if (!removed) throw new AppError('not-found', `There is no recorded key of ${host}:${port}`)
}
