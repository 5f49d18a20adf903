import { type Command, Option } from 'commander'
import { changeSchedule, type Schedule } from '../../api/contract/schedules.ts'
import { asOption } from '../as-option.ts'
import { given } from '../given.ts'
import { type Io, print, printJson } from '../io.ts'
import { withLink } from '../link/with-link.ts'
import { readInteger } from '../read-options.ts'

interface Options {
  name?: string
  cron?: string
  timeZone?: string
  missed?: Schedule['missed']
  overlap?: Schedule['overlap']
  pauseAfter?: number
  basedOn?: number
  as: string
  json?: boolean
}

export function addChange(schedules: Command, io: Io): void {
  schedules
    .command('change')
    .description('change the times and settings of a schedule')
    .argument('<id>', 'id of the schedule')
    .option('--name <text>', 'what it is called')
    .option('--cron <text>', 'when it fires, e.g. "0 2 * * *"')
    .option('--time-zone <name>', 'on whose clocks, e.g. Europe/Berlin')
    .addOption(new Option('--missed <way>', 'times that were missed').choices(['latest', 'skip', 'all']))
    .addOption(
      new Option('--overlap <way>', 'while the last one still runs').choices([
        'skip',
        'queue',
        'cancel',
        'allow',
      ]),
    )
    .option('--pause-after <number>', 'failures in a row', readInteger(1, 1000))
    .option(
      '--based-on <change>',
      'refuse when it is not at this change any more',
      readInteger(0, 2 ** 31 - 1),
    )
    .option(...asOption)
    .option('--json', 'print the schedule as JSON')
    .action((id: string, { json = false, as, cron, ...settings }: Options) =>
      withLink(io, { works: 'never', actAs: as }, async ({ client }) => {
        const timing = cron === undefined ? undefined : ({ mode: 'cron', cron } as const)
        const body = given({ ...settings, timing })
        const changed = await client.call(changeSchedule, { params: { id }, body })
        if (json) printJson(io, changed)
        else print(io, `Schedule ${id} is changed: change ${changed.seq}.`)
        return 0
      }),
    )
}
