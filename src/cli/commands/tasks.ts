import { type Command, Option } from 'commander'
import { listTasks, type Task } from '../../api/contract/tasks.ts'
import { type Io, paint } from '../io.ts'
import { withLink } from '../link/with-link.ts'
import { printList } from '../print-list.ts'
import { readInteger } from '../read-options.ts'
import { duration } from '../watch/format-tree.ts'

interface Options {
  box: 'mine' | 'done' | 'all'
  status: Task['status']
  execution?: string
  limit: number
  as: string
  json?: boolean
}

export function addTasks(program: Command, io: Io): void {
  program
    .command('tasks')
    .description('list tasks that wait for a person, newest first')
    .addOption(new Option('--box <box>', 'whose').choices(['mine', 'done', 'all']).default('mine'))
    .addOption(
      new Option('--status <status>', 'in which status')
        .choices(['open', 'done', 'canceled'])
        .default('open'),
    )
    .option('--execution <id>', 'only of this execution')
    .option('--limit <number>', 'how many', readInteger(1, 200), 20)
    .option('--as <user>', 'without FERMATA_URL: those of this user', 'admin')
    .option('--json', 'print them as JSON')
    .action(({ json = false, as, ...query }: Options) =>
      withLink(io, { works: 'reads', actAs: as }, async ({ client }) => {
        const page = await client.call(listTasks, { query })
        printList(io, page, { json, row: (task) => row(io, task) })
        return 0
      }),
    )
}

function row({ stdout }: Io, task: Task): string[] {
  return [
    task.id,
    paint(stdout, task.status === 'open' ? 'yellow' : 'dim', task.kind),
    task.title,
    task.execution === undefined ? '' : `execution ${task.execution}`,
    task.assignees.join(', '),
    `${duration(Date.now(), task.createdAt)} ago`,
    task.acts.join(', '),
  ]
}
