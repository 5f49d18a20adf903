import { Command } from 'commander'
import { addAct } from './commands/act.ts'
import { addBackup } from './commands/backup.ts'
import { addBatch } from './commands/batch.ts'
import { addDemo } from './commands/demo.ts'
import { addDoctor } from './commands/doctor.ts'
import { addExecutions } from './commands/executions.ts'
import { addExport } from './commands/export.ts'
import { addImport } from './commands/import.ts'
import { addKnownHost } from './commands/known-host.ts'
import { addPrune } from './commands/prune.ts'
import { addRestore } from './commands/restore.ts'
import { addRun } from './commands/run.ts'
import { addSchedules } from './commands/schedules.ts'
import { addSecret } from './commands/secret.ts'
import { addServe } from './commands/serve.ts'
import { addShow } from './commands/show.ts'
import { addTask } from './commands/task.ts'
import { addTasks } from './commands/tasks.ts'
import { addToken } from './commands/token.ts'
import { addUser } from './commands/user.ts'
import { addWorker } from './commands/worker.ts'
import type { Io } from './io.ts'
import { packageVersion } from './package-version.ts'

const executions = [
  addServe,
  addWorker,
  addRun,
  addExecutions,
  addShow,
  addAct,
  addTasks,
  addTask,
  addSchedules,
  addBatch,
]
const house = [
  ...[addImport, addExport, addDoctor, addBackup, addRestore, addPrune],
  ...[addToken, addUser, addSecret, addKnownHost, addDemo],
]

/** The whole command line; `docs/guide/cli.md` is checked against it. */
export function buildProgram(io: Io): Command {
  const program = new Command('fermata')
    .description('Run procedures that can be held, resumed and always finished.')
    .version(packageVersion())
    // `--version` behind a command is the command's own.
    .enablePositionalOptions()
    .showHelpAfterError('(see --help)')
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
    })
  for (const add of [...executions, ...house]) add(program, io)
  return program
}
