import type { Command } from 'commander'
import { createUser } from '../../api/contract/users.ts'
import { given } from '../given.ts'
import { type Io, print, printJson } from '../io.ts'
import type { Link } from '../link/open-link.ts'
import { withLink } from '../link/with-link.ts'
import { collect } from '../read-options.ts'

interface Options {
  role: string[]
  displayName?: string
  password?: string
  json?: boolean
}

export function addUser(program: Command, io: Io): void {
  const user = program.command('user').description('users')
  user
    .command('create')
    .description('create a user; without a password a link that signs in once is printed')
    .argument('<name>', 'a-z, 0-9, dot, dash, underscore')
    .option('--role <role>', 'admin, designer, operator or one of your own; may be repeated', collect, [])
    .option('--display-name <name>', 'as others see it')
    .option('--password <password>', 'at least 8 characters; default: FERMATA_NEW_PASSWORD')
    .option('--json', 'print the user as JSON')
    .action((name: string, options: Options) =>
      withLink(io, { works: 'never' }, (link) => create(io, link, { ...options, name })),
    )
}

async function create(io: Io, link: Link, options: Options & { name: string }): Promise<number> {
  const { name, role: roles, displayName, json = false } = options
  const password = options.password ?? io.env.FERMATA_NEW_PASSWORD
  const body = given({ name, roles, displayName, password })
  const user = await link.client.call(createUser, { body })
  const signIn = password === undefined ? await link.createLink?.(name) : undefined
  if (json) printJson(io, given({ ...user, link: signIn }))
  else {
    print(io, `Created ${user.name} (${user.roles.join(', ') || 'no role'})`)
    if (signIn) print(io, `Signs in once, within ten minutes: ${signIn}`)
    else if (!password) print(io, 'An administrator must set a password before they can sign in.')
  }
  return 0
}
