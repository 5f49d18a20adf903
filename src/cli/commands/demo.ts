import type { Command } from 'commander'
import { removeDemo } from '../../api/contract/demo.ts'
import { type Io, print, printJson } from '../io.ts'
import { withLink } from '../link/with-link.ts'

export function addDemo(program: Command, io: Io): void {
  const demo = program.command('demo').description('the demo world')
  demo
    .command('remove')
    .description('take the demo world away, with everything that was run of it')
    .option('--json', 'print what became of it as JSON')
    .action(({ json = false }: { json?: boolean }) =>
      // Its executions are ended first: somebody must see to that.
      withLink(io, { works: 'alone' }, async ({ client }) => {
        await client.call(removeDemo)
        if (json) printJson(io, { removed: true })
        else print(io, 'The demo world is gone. Its users are disabled; everything else is as it was.')
        return 0
      }),
    )
}
