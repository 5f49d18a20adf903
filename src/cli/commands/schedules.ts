import { type Command, Option } from 'commander'
import {
  deleteSchedule,
  type Firing,
  getSchedule,
  listFirings,
  listSchedules,
  pauseSchedule,
  previewTimes,
  type Schedule,
  startSchedule,
} from '../../api/contract/schedules.ts'
import type { Client } from '../../client/client.ts'
import type { Timing } from '../../core/schedule/timing.ts'
import { asOption } from '../as-option.ts'
import { type Io, paint, print, printJson } from '../io.ts'
import { withLink } from '../link/with-link.ts'
import { printList } from '../print-list.ts'
import { readInteger } from '../read-options.ts'
import { table } from '../table.ts'
import { addChange } from './change-schedule.ts'

interface Options {
  as: string
  json?: boolean
}

interface ListOptions extends Options {
  state?: Schedule['state']
  workflow?: string
  limit: number
}

export function addSchedules(program: Command, io: Io): void {
  const schedules = program.command('schedules').description('schedules and what became of their firings')
  addList(schedules, io)
  addShow(schedules, io)
  addTimes(schedules, io)
  addChange(schedules, io)
  for (const verb of ['start', 'pause', 'delete'] as const) addAct(schedules, io, verb)
}

function addList(schedules: Command, io: Io): void {
  schedules
    .command('list')
    .description('list schedules, newest first')
    .addOption(new Option('--state <state>', 'only these').choices(['active', 'paused']))
    .option('--workflow <key>', 'only of this workflow')
    .option('--limit <number>', 'how many', readInteger(1, 200), 20)
    .option(...asOption)
    .option('--json', 'print them as JSON')
    .action(({ json = false, as, ...query }: ListOptions) =>
      withLink(io, { works: 'reads', actAs: as }, async ({ client }) => {
        const page = await client.call(listSchedules, { query })
        printList(io, page, { json, row: (item) => row(io, item) })
        return 0
      }),
    )
}

function row({ stdout }: Io, schedule: Schedule): string[] {
  const { counts, state, pausedReason } = schedule
  return [
    schedule.id,
    paint(
      stdout,
      state === 'active' ? 'green' : 'yellow',
      pausedReason ? `${state}: ${pausedReason}` : state,
    ),
    schedule.name,
    `${schedule.workflow} v${schedule.version}`,
    schedule.target?.label ?? '',
    timingText(schedule.timing),
    schedule.timeZone,
    schedule.nextFireAt ?? '',
    `✔ ${counts.completed} ● ${counts.running} ✖ ${counts.failed} ⊘ ${counts.canceled}`,
  ]
}

const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

function timingText(timing: Timing): string {
  switch (timing.mode) {
    case 'hourly':
      return `every hour at ${timing.past} past`
    case 'daily':
      return `every day at ${timing.at}`
    case 'weekly':
      return `every ${weekdays[timing.weekday - 1]} at ${timing.at}`
    case 'monthly':
      return `on day ${timing.day} of every month at ${timing.at}`
    case 'cron':
      return timing.cron
  }
}

function addShow(schedules: Command, io: Io): void {
  schedules
    .command('show')
    .description('show a schedule and what became of its last firings')
    .argument('<id>', 'id of the schedule')
    .option('--limit <number>', 'how many firings', readInteger(1, 200), 10)
    .option(...asOption)
    .option('--json', 'print both as JSON')
    .action((id: string, { json = false, as, limit }: Options & { limit: number }) =>
      withLink(io, { works: 'reads', actAs: as }, async ({ client }) => {
        const params = { id }
        const schedule = await client.call(getSchedule, { params })
        const { items: firings } = await client.call(listFirings, { params, query: { limit } })
        if (json) printJson(io, { ...schedule, firings })
        else show(io, schedule, firings)
        return 0
      }),
    )
}

function show(io: Io, schedule: Schedule, firings: readonly Firing[]): void {
  const { name, state, workflow, version, target, timing, timeZone, nextFireAt, seq, updatedBy } = schedule
  print(io, `${name}  (${state}, ${workflow} v${version}${target ? ` on ${target.label}` : ''})`)
  print(io, `${timingText(timing)}, ${timeZone}${nextFireAt ? `; next ${nextFireAt}` : ''}`)
  print(
    io,
    `Missed: ${schedule.missed}. While the last one runs: ${schedule.overlap}. Owner: ${schedule.owner}.`,
  )
  if (updatedBy) print(io, `Change ${seq}, by ${updatedBy} at ${schedule.updatedAt}.`)
  const rows = firings.map(({ due, status, execution, executionStatus, reason }) => [
    due,
    executionStatus ?? status,
    execution ? `execution ${execution}` : (reason ?? ''),
  ])
  for (const line of table(rows)) print(io, line)
}

function addTimes(schedules: Command, io: Io): void {
  schedules
    .command('times')
    .description('the next times at which a schedule fires')
    .argument('<id>', 'id of the schedule')
    .option('--count <number>', 'how many', readInteger(1, 50), 10)
    .option(...asOption)
    .option('--json', 'print them as JSON')
    .action((id: string, { json = false, as, count }: Options & { count: number }) =>
      withLink(io, { works: 'reads', actAs: as }, async ({ client }) => {
        const { timing, timeZone, state } = await client.call(getSchedule, { params: { id } })
        const { times } = await client.call(previewTimes, { body: { timing, timeZone, count } })
        if (json) printJson(io, { timeZone, state, times })
        else {
          if (state === 'paused') print(io, 'It is paused; started again it would fire at')
          const format = new Intl.DateTimeFormat('en', { dateStyle: 'full', timeStyle: 'long', timeZone })
          for (const time of times) print(io, format.format(new Date(time)))
        }
        return 0
      }),
    )
}

const acts = {
  start: { text: 'let a paused schedule fire again', done: 'fires again' },
  pause: { text: 'keep a schedule from firing', done: 'is paused' },
  delete: { text: 'delete a schedule; its past executions stay', done: 'is deleted' },
} as const

function addAct(schedules: Command, io: Io, verb: keyof typeof acts): void {
  const { text, done } = acts[verb]
  schedules
    .command(verb)
    .description(text)
    .argument('<id>', 'id of the schedule')
    .option(...asOption)
    .option('--json', 'print what became of it as JSON')
    .action((id: string, { json = false, as }: Options) =>
      withLink(io, { works: 'never', actAs: as }, async ({ client }) => {
        const answer = await send(client, id, verb)
        if (json) printJson(io, answer)
        else print(io, `Schedule ${id} ${done}.`)
        return 0
      }),
    )
}

async function send(client: Client, id: string, verb: keyof typeof acts): Promise<object> {
  const params = { id }
  if (verb === 'start') return client.call(startSchedule, { params, body: {} })
  if (verb === 'pause') return client.call(pauseSchedule, { params, body: {} })
  await client.call(deleteSchedule, { params })
  return { id, deleted: true }
}
