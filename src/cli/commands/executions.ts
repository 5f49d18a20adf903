import type { Command } from 'commander'
import { type ExecutionSummary, listExecutions } from '../../api/contract/executions.ts'
import { type Io, paint } from '../io.ts'
import { withLink } from '../link/with-link.ts'
import { printList } from '../print-list.ts'
import { readInteger } from '../read-options.ts'
import { duration } from '../watch/format-tree.ts'
import { headLook } from '../watch/look.ts'

interface Options {
  status?: string
  workflow?: string
  target?: string
  limit: number
  json?: boolean
}

export function addExecutions(program: Command, io: Io): void {
  program
    .command('executions')
    .description('list executions, newest first')
    .option('--status <statuses>', 'only these, comma separated: queued,running,paused,completed,failed …')
    .option('--workflow <key>', 'only of this workflow')
    .option('--target <collection:id>', 'only on this record')
    .option('--limit <number>', 'how many', readInteger(1, 200), 20)
    .option('--json', 'print them as JSON')
    .action(({ json = false, ...query }: Options) =>
      withLink(io, { works: 'reads' }, async ({ client }) => {
        const page = await client.call(listExecutions, { query })
        printList(io, page, { json, row: (item) => row(io, item) })
        return 0
      }),
    )
}

function row({ stdout }: Io, execution: ExecutionSummary): string[] {
  const look = headLook(execution)
  const now = Date.now()
  return [
    execution.id,
    paint(stdout, look.style, `${look.sign} ${look.word}`),
    execution.workflow,
    execution.target?.label ?? '',
    execution.startedBy,
    `${duration(now, execution.createdAt)} ago`,
    execution.startedAt ? duration(now, execution.startedAt, execution.endedAt) : '',
  ]
}
