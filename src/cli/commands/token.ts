import type { Command } from 'commander'
import { createToken } from '../../api/contract/tokens.ts'
import { AppError } from '../../core/errors.ts'
import { given } from '../given.ts'
import { type Io, note, print, printJson } from '../io.ts'
import type { Link } from '../link/open-link.ts'
import { withLink } from '../link/with-link.ts'
import { collect, readInteger } from '../read-options.ts'

interface Options {
  user?: string
  name: string
  days?: number
  scope?: string[]
  json?: boolean
}

export function addToken(program: Command, io: Io): void {
  const token = program.command('token').description('API tokens')
  token
    .command('create')
    .description('print a new API token; it is not shown again')
    .option('--user <name>', 'whose rights it has; default: admin, or the owner of FERMATA_TOKEN')
    .requiredOption('--name <name>', 'what it is for')
    .option('--days <number>', 'how long it is good; default 90', readInteger(1, 3650))
    .option('--scope <permission>', 'cut it down to this permission; may be repeated', collect)
    .option('--json', 'print it as JSON')
    .action((options: Options) =>
      withLink(io, { works: 'never', actAs: options.user ?? 'admin' }, (link) => create(io, link, options)),
    )
}

async function create(io: Io, link: Link, { user, name, days, scope, json }: Options): Promise<number> {
  if (user !== undefined && user !== link.user) {
    const detail = `FERMATA_TOKEN belongs to ${link.user}, who makes no tokens for others.`
    throw new AppError('forbidden', detail)
  }
  const body = given({ name, expiresInDays: days, scopes: scope })
  const made = await link.client.call(createToken, { body })
  if (json) printJson(io, made)
  else print(io, made.secret)
  const until = made.expiresAt ? `, until ${made.expiresAt.slice(0, 10)}` : ''
  if (!json) note(io, `For ${link.user}${until}. Keep it: it is not shown again.`)
  return 0
}
