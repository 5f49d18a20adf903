// Runs one command on one host over SSH.
import { type Fail, fail, type Outcome } from '../../core/outcome.ts'
import { failFrom } from '../../sdk/fail-from.ts'
import type { NodeType, RunContext } from '../../sdk/node-type.ts'
import { Config, Output } from './config.ts'
import { findEndpoint } from './endpoint.ts'
import { findShellRisks } from './risks.ts'
import { type Finished, runCommand } from './run-command.ts'
import { openSession, SshError } from './session.ts'

export const nodeType: NodeType<Config> = {
  type: 'ssh-command',
  version: 1,
  title: { en: 'SSH command', zh: 'SSH 命令', ru: 'Команда по SSH' },
  summary: {
    en: 'Runs a command on a host and outputs what it printed',
    zh: '在主机上执行命令并输出结果',
    ru: 'Выполняет команду на узле и выдаёт её вывод',
  },
  icon: 'terminal',
  group: 'remote',
  config: Config,
  output: Output,
  effect: 'write',
  async run(ctx) {
    try {
      const endpoint = await findEndpoint(ctx)
      const session = await openSession(ctx, endpoint)
      try {
        return toOutcome(ctx, await runCommand(ctx, session))
      } finally {
        session.destroy()
      }
    } catch (error) {
      return error instanceof SshError ? error.outcome : failFrom(error)
    }
  },
  risks: ({ command }) => findShellRisks(command),
  plan: ({ config, record }) => [`on ${config.host ?? record?.address ?? '?'}: ${config.command}`],
}

function toOutcome(ctx: RunContext<Config>, finished: Finished): Outcome {
  const { exitCode, signal, stdout, stderr, truncated } = finished
  const output = { exitCode, ...(signal === undefined ? {} : { signal }), stdout, stderr, truncated }
  const isOk = exitCode !== null && (ctx.config.okExitCodes ?? [0]).includes(exitCode)
  return isOk ? { type: 'done', output } : exitFailure(finished)
}

const tail = (text: string) => text.slice(-4000)

function exitFailure({ exitCode, signal, stdout, stderr }: Finished): Fail {
  const lastLine = stderr.trim().split('\n').at(-1) || stdout.trim().split('\n').at(-1) || ''
  const what = exitCode === null ? `was ended by signal ${signal ?? '?'}` : `ended with exit code ${exitCode}`
  const message = `The command ${what}${lastLine === '' ? '' : `: ${lastLine.slice(0, 300)}`}`
  const details = {
    exitCode,
    ...(signal === undefined ? {} : { signal }),
    stdout: tail(stdout),
    stderr: tail(stderr),
  }
  return fail('failed', 'exit-code', message, details)
}
