// Runs the command on an open connection: streams its lines to the log, keeps a limited part of its output.
import type { Client, ClientChannel } from 'ssh2'
import type { Json, JsonObject } from '../../core/json.ts'
import { fail } from '../../core/outcome.ts'
import { readDuration } from '../../sdk/duration.ts'
import type { RunContext } from '../../sdk/node-type.ts'
import { createCapture } from './capture.ts'
import type { Config } from './config.ts'
import { SshError } from './session.ts'

export interface Finished {
  /** Null when a signal ended the command. */
  exitCode: number | null
  signal?: string
  stdout: string
  stderr: string
  truncated: boolean
}

/** Rejects with SshError: `ssh-timeout`, `ssh-lost`, `ssh-refused`, `stopped`. */
export function runCommand(ctx: RunContext<Config>, session: Client): Promise<Finished> {
  const command = withEnvironment(ctx.config.command, ctx.config.env ?? {})
  return new Promise((resolve, reject) => {
    session.exec(command, (error, channel) => {
      if (error) {
        const message = `The host did not run the command: ${error.message}`
        return reject(new SshError(fail('error', 'ssh-refused', message)))
      }
      // At once: the end of a quick command may stand in the same packet as this answer.
      follow(ctx, channel, session).then(resolve, reject)
    })
  })
}

async function follow(ctx: RunContext<Config>, channel: ClientChannel, session: Client): Promise<Finished> {
  const { maxOutputBytes = 1024 * 1024 } = ctx.config
  const stdout = createCapture(maxOutputBytes, (line) => ctx.log(line))
  const stderr = createCapture(maxOutputBytes, (line) => ctx.log(line, 'warn'))
  channel.on('data', stdout.write)
  channel.stderr.on('data', stderr.write)
  try {
    const exited = waitForExit(ctx, channel, session)
    channel.end(ctx.config.stdin ?? '')
    const exit = await exited
    const kept = { stdout: stdout.end(), stderr: stderr.end() }
    return { ...exit, ...kept, truncated: stdout.isTruncated() || stderr.isTruncated() }
  } catch (error) {
    stdout.end()
    stderr.end()
    throw error
  }
}

// Servers drop variables of the protocol unless told otherwise: export them in the shell.
function withEnvironment(command: string, env: JsonObject): string {
  const pairs = Object.entries(env).filter(([, value]) => value !== null)
  if (pairs.length === 0) return command
  return `export ${pairs.map(([name, value]) => `${name}=${quote(toText(value))}`).join(' ')}; ${command}`
}

const toText = (value: Json) => (typeof value === 'string' ? value : JSON.stringify(value))

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

type Exit = Pick<Finished, 'exitCode' | 'signal'>

function waitForExit(ctx: RunContext<Config>, channel: ClientChannel, session: Client): Promise<Exit> {
  const timeoutMs = readDuration(ctx.config.timeout, 600_000)
  return new Promise((resolve, reject) => {
    let exit: Exit | undefined
    const give = (outcome: ReturnType<typeof fail>) => {
      stopWatching()
      kill(channel)
      reject(new SshError(outcome))
    }
    const timer = setTimeout(() => give(tookTooLong(timeoutMs)), timeoutMs)
    const onAbort = () =>
      give(fail('error', 'stopped', 'The command was stopped; it may have done a part of its work'))
    const stopWatching = () => {
      clearTimeout(timer)
      ctx.signal.removeEventListener('abort', onAbort)
    }
    ctx.signal.addEventListener('abort', onAbort, { once: true })
    channel.on('exit', (code: number | null, signal?: string) => {
      exit = { exitCode: code, ...(signal ? { signal: `SIG${signal}`.replace(/^SIGSIG/, 'SIG') } : {}) }
    })
    channel.once('close', () => {
      if (!exit) return give(lost)
      stopWatching()
      resolve(exit)
    })
    session.once('close', () => give(lost))
    if (ctx.signal.aborted) onAbort()
  })
}

const lost = fail(
  'error',
  'ssh-lost',
  'The connection broke while the command was running; the command may have done its work',
)

function tookTooLong(ms: number) {
  return fail('timed-out', 'ssh-timeout', `The command did not end within ${ms / 1000} s and was stopped`)
}

/** Many servers ignore signals; the closed connection ends what reads or writes its terminal. */
function kill(channel: ClientChannel): void {
  if (channel.destroyed) return
  channel.signal('KILL')
  channel.close()
}
