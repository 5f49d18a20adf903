// One disposable child process that evaluates scripts, one at a time, and is watched from outside: time and
// resident memory are the guarantee, what the engine in the child promises is only politeness.
import { type ChildProcess, fork } from 'node:child_process'
import { existsSync, lstatSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type ScriptReply, type ScriptRequest, sandboxLimits } from './protocol.ts'
import { readResidentMb } from './resident-memory.ts'

const here = dirname(fileURLToPath(import.meta.url))
const bootMs = 60_000
const graceMs = 500
const sampleMs = 100
/** Node, the engine and the copies of texts that cross; a script's own memory comes on top. */
const ownMb = 192

export interface SandboxChild {
  /** Rejects never: what goes wrong is a reply with a fault. */
  run(request: ScriptRequest, signal?: AbortSignal): Promise<ScriptReply>
  kill(): void
  isUsable(): boolean
}

/** Starts a child with an empty environment in `folder`; it does not keep this process alive. */
export function startChild(folder: string): SandboxChild {
  const process = forkChild(folder)
  let isAlive = true
  process.once('exit', () => {
    isAlive = false
  })
  process.once('error', () => {
    isAlive = false
  })
  const ready = whenReady(process)
  return {
    isUsable: () => isAlive,
    kill() {
      isAlive = false
      process.kill('SIGKILL')
    },
    async run(request, signal) {
      const isReady = await ready
      const reply = isReady
        ? await exchange(process, request, signal)
        : fault(request, 'script-crashed', 'The sandbox did not start')
      if ('fault' in reply && (reply.spent || isFatal(reply.fault.code))) this.kill()
      return reply
    },
  }
}

const isFatal = (code: string) => ['script-timeout', 'script-crashed', 'script-canceled'].includes(code)

function forkChild(folder: string): ChildProcess {
  const child = fork(join(here, 'entry.ts'), [], {
    cwd: folder,
    env: {},
    execArgv: ['--max-old-space-size=64', '--no-warnings', ...confinement()],
    serialization: 'json',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  // Drained and thrown away: a script has no way to write here, a broken engine may.
  child.stdout?.resume()
  child.stderr?.resume()
  for (const part of [child, child.channel, child.stdout, child.stderr]) unref(part)
  return child
}

function unref(part: unknown): void {
  if (typeof part === 'object' && part !== null && 'unref' in part && typeof part.unref === 'function') {
    part.unref()
  }
}

/** A seat belt beneath the engine's wall: no files but the sandbox's own code, no processes, no threads. */
function confinement(): string[] {
  return ['--permission', ...[here, ...engineFolders()].map((path) => `--allow-fs-read=${path}`)]
}

/** The engine's packages; where `node_modules` is a link, the link too, because modules are found through it. */
function engineFolders(): string[] {
  const modules = fileURLToPath(import.meta.resolve('quickjs-emscripten')).replace(
    /quickjs-emscripten\b.*/,
    '',
  )
  const packages = ['quickjs-emscripten', 'quickjs-emscripten-core', '@jitl']
  const link = findLinkedModules()
  return [...packages.map((name) => join(modules, name)), ...(link ? [link] : [])]
}

function findLinkedModules(): string | undefined {
  for (let folder = here; dirname(folder) !== folder; folder = dirname(folder)) {
    const modules = join(folder, 'node_modules')
    if (existsSync(modules)) return lstatSync(modules).isSymbolicLink() ? modules : undefined
  }
  return undefined
}

function whenReady(child: ChildProcess): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), bootMs)
    const end = (isReady: boolean) => {
      clearTimeout(timer)
      resolve(isReady)
    }
    child.once('message', () => end(true))
    child.once('exit', () => end(false))
    child.once('error', () => end(false))
  })
}

function exchange(child: ChildProcess, request: ScriptRequest, signal?: AbortSignal): Promise<ScriptReply> {
  return new Promise((resolve) => {
    const end = (reply: ScriptReply) => {
      stopWatching()
      child.off('message', onMessage)
      child.off('exit', onExit)
      signal?.removeEventListener('abort', onAbort)
      resolve(reply)
    }
    const onMessage = (message: unknown) => end(readReply(request, message))
    const onExit = () => end(fault(request, 'script-crashed', 'The sandbox process died'))
    const onAbort = () => end(fault(request, 'script-canceled', 'The script was stopped'))
    const stopWatching = watch(child, request, end)
    child.on('message', onMessage)
    child.once('exit', onExit)
    signal?.addEventListener('abort', onAbort)
    if (signal?.aborted) return onAbort()
    child.send(request, (error) => error && onExit())
  })
}

/** Ends the exchange when the child overstays its time or outgrows its memory. */
function watch(child: ChildProcess, request: ScriptRequest, end: (reply: ScriptReply) => void): () => void {
  const timer = setTimeout(
    () => end(fault(request, 'script-timeout', 'The script took longer than its time limit')),
    request.timeoutMs + graceMs,
  )
  const sampler = setInterval(async () => {
    const resident = await readResidentMb(child.pid ?? 0)
    if (resident <= request.memoryMb + ownMb) return
    end(fault(request, 'script-memory', 'The script needs more memory than its limit'))
  }, sampleMs)
  return () => {
    clearTimeout(timer)
    clearInterval(sampler)
  }
}

type FaultCode = 'script-crashed' | 'script-canceled' | 'script-timeout' | 'script-memory'

function fault(request: ScriptRequest, code: FaultCode, message: string): ScriptReply {
  return { id: request.id, log: [], spent: true, fault: { code, message } }
}

/** The child is not trusted: what it sends must have the shape and the size of a reply. */
function readReply(request: ScriptRequest, message: unknown): ScriptReply {
  if (isReply(message, request.id)) return message
  return fault(request, 'script-crashed', 'The sandbox gave an answer that is none')
}

function isReply(message: unknown, id: number): message is ScriptReply {
  if (typeof message !== 'object' || message === null) return false
  const reply = message as Record<string, unknown>
  if (reply.id !== id || !isLog(reply.log)) return false
  if (typeof reply.result === 'string') return reply.result.length <= sandboxLimits.result
  const { code, message: words } = (reply.fault ?? {}) as Record<string, unknown>
  return typeof code === 'string' && code.startsWith('script-') && typeof words === 'string'
}

function isLog(log: unknown): boolean {
  if (!Array.isArray(log) || log.length > sandboxLimits.logLines + 1) return false
  return log.every((line) => typeof line === 'string' && line.length <= sandboxLimits.logLine)
}
