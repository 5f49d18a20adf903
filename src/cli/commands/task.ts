import { Argument, type Command } from 'commander'
import { approveTask, getTask, rejectTask, submitTask, type Task } from '../../api/contract/tasks.ts'
import type { Client } from '../../client/client.ts'
import type { Json } from '../../core/json.ts'
import { given } from '../given.ts'
import { type Io, print, printJson } from '../io.ts'
import { withLink } from '../link/with-link.ts'
import { readJson } from '../read-options.ts'
import { afterAct, type WatchFlags } from '../watch/carry-on.ts'

interface Options extends WatchFlags {
  data?: Json
  port?: string
  reason?: string
  as: string
}

type Answer = 'approve' | 'reject' | 'submit'

export function addTask(program: Command, io: Io): void {
  program
    .command('task')
    .description('show a task, or answer it')
    .argument('<id>', 'id of the task')
    .addArgument(new Argument('[answer]', 'how to answer').choices(['approve', 'reject', 'submit']))
    .option('--data <json>', 'the values of its form', readJson)
    .option('--port <name>', 'with submit of a choice: the way to take')
    .option('--reason <text>', 'a comment, kept with the answer')
    .option('--watch', 'then draw the execution live, as run does')
    .option('--stay', 'with --watch: keep watching when a person is needed')
    .option('--as <user>', 'without FERMATA_URL: answer as this user', 'admin')
    .option('--json', 'print it as JSON')
    .action((id: string, answer: Answer | undefined, options: Options) => {
      const works = options.watch ? 'always' : answer ? 'alone' : 'never'
      return withLink(io, { works, actAs: options.as }, async (link) => {
        if (!answer) return show(io, await link.client.call(getTask, { params: { id } }), options)
        const task = await send(link.client, { id, answer, options })
        if (!options.json) print(io, `Task ${id}: ${answer}`)
        if (task.execution === undefined) return options.json ? show(io, task, options) : 0
        return afterAct(io, link, { id: task.execution, done: task, flags: options })
      })
    })
}

interface Sent {
  id: string
  answer: Answer
  options: Options
}

function send(client: Client, { id, answer, options }: Sent): Promise<Task> {
  const { data: values, port, reason } = options
  const params = { id }
  switch (answer) {
    case 'approve':
      return client.call(approveTask, { params, body: given({ values, reason }) })
    case 'reject':
      return client.call(rejectTask, { params, body: given({ values, reason }) })
    case 'submit':
      return client.call(submitTask, { params, body: given({ values, port, reason }) })
  }
}

function show(io: Io, task: Task, { json = false }: Options): number {
  if (json) {
    printJson(io, task)
    return 0
  }
  const of = task.execution === undefined ? '' : `, execution ${task.execution}`
  print(io, `${task.title}  (${task.kind}, ${task.status}${of})`)
  if (task.description) print(io, task.description)
  if (task.form) print(io, `Form: ${JSON.stringify(task.form, null, 2)}`)
  if (task.options) print(io, `Ways on: ${task.options.join(', ')}`)
  for (const act of task.acts) print(io, `  npm run fermata -- task ${task.id} ${act}`)
  return 0
}
