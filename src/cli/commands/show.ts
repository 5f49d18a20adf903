import type { Command } from 'commander'
import { type Io, print, printJson } from '../io.ts'
import { withLink } from '../link/with-link.ts'
import { formatPicture } from '../watch/format-tree.ts'
import { offersOf } from '../watch/offers.ts'
import { pictureJson } from '../watch/picture-json.ts'
import { printOffers } from '../watch/print-offers.ts'
import { readPicture } from '../watch/read-picture.ts'

export function addShow(program: Command, io: Io): void {
  program
    .command('show')
    .description('show one execution: its node runs, errors, and what can be done now')
    .argument('<id>', 'id of the execution')
    .option('--json', 'print everything as JSON')
    .action((id: string, { json = false }: { json?: boolean }) =>
      withLink(io, { works: 'reads' }, async ({ client }) => {
        const picture = await readPicture(client, id)
        if (json) printJson(io, pictureJson(picture))
        else {
          for (const line of formatPicture(picture, { stream: io.stdout, now: Date.now() })) print(io, line)
          printOffers(io, offersOf(picture))
        }
        return 0
      }),
    )
}
