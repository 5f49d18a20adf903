import type { Command } from 'commander'
import type { Config } from '../../config.ts'
import type { Db } from '../../store/db.ts'
import { type Pruned, type PruneOptions, prune, rulesFor } from '../../store/prune.ts'
import { countChanges, countExpired } from '../../store/retention.ts'
import { type Io, print, printJson } from '../io.ts'
import { withDatabase } from '../link/with-database.ts'
import { readInteger } from '../read-options.ts'
import { table } from '../table.ts'

interface Options {
  dryRun?: boolean
  days?: number
  workflow?: string
  json?: boolean
}

export function addPrune(program: Command, io: Io): void {
  program
    .command('prune')
    .description('delete now what retention deletes by and by: ended executions and changes kept no longer')
    .option('--dry-run', 'only say how many')
    .option('--days <number>', 'of workflows that name no days: keep so many', readInteger(1, 36_500))
    .option('--workflow <key>', 'only executions of this workflow')
    .option('--json', 'print the numbers as JSON')
    .action((options: Options) =>
      withDatabase(io, async ({ pool }, config) => {
        const wanted = wantedOf(config, options)
        if (options.dryRun) return foretell(io, options, await count(pool, wanted))
        tell(io, options, await prune(pool, wanted))
      }),
    )
}

function wantedOf({ keepDays, keepChangesDays }: Config, { days, workflow }: Options): PruneOptions {
  return {
    keeping: { keepDays: days ?? keepDays, keepChangesDays },
    ...(workflow === undefined ? {} : { workflow }),
  }
}

interface Counted {
  executions: number
  changes: number
  workflows: { workflow: string; executions: number }[]
}

async function count(db: Db, wanted: PruneOptions): Promise<Counted> {
  const workflows: Counted['workflows'] = []
  for (const rule of await rulesFor(db, wanted))
    workflows.push({ workflow: rule.workflow, executions: await countExpired(db, rule) })
  const { keepChangesDays } = wanted.keeping
  const all = wanted.workflow === undefined && keepChangesDays !== undefined
  return {
    executions: workflows.reduce((sum, { executions }) => sum + executions, 0),
    changes: all ? await countChanges(db, keepChangesDays) : 0,
    workflows: workflows.filter(({ executions }) => executions > 0),
  }
}

function foretell(io: Io, { json }: Options, counted: Counted): void {
  if (json) return printJson(io, counted)
  const rows = counted.workflows.map(({ workflow, executions }) => [workflow, String(executions)])
  for (const line of table(rows)) print(io, line)
  print(io, `Would delete ${counted.executions} executions and ${counted.changes} changes of records.`)
}

function tell(io: Io, { json }: Options, pruned: Pruned): void {
  if (json) return printJson(io, pruned)
  const longest = `longest transaction ${Math.round(pruned.longestMs)} ms`
  print(io, `Deleted ${pruned.executions} executions and ${pruned.changes} changes of records; ${longest}.`)
}
