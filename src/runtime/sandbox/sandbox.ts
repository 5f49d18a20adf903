// User JavaScript in QuickJS inside disposable child processes. Children start when first needed, run one
// script at a time and are replaced after 50 scripts and after anything suspicious.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import secureJson from 'secure-json-parse'
import type { Json, JsonObject } from '../../core/json.ts'
import type { ScriptAnswer } from '../../sdk/node-type.ts'
import { type SandboxChild, startChild } from './child.ts'
import { ScriptError, type ScriptReply, type ScriptRequest, sandboxLimits } from './protocol.ts'

export interface ScriptLimits {
  /** Wall time of the script itself; default 5,000. */
  timeoutMs?: number
  /** Default 64, at least 16. */
  memoryMb?: number
  /** Stops the script; it rejects with `script-canceled`. */
  signal?: AbortSignal
}

export interface Sandbox {
  /**
   * Runs `code` as the body of an async function that sees the keys of `args` as global variables and
   * `console.log`. Its `return` value, as JSON, is the result.
   * @throws ScriptError with a typed `code`, the `line` where known and the lines logged so far.
   * @example await sandbox.run('return inputs.a + 1', { inputs: { a: 1 } }) // { result: 2, log: [] }
   */
  run(code: string, args: JsonObject, limits?: ScriptLimits): Promise<ScriptAnswer>
  /** Stops running scripts, which reject with `script-canceled`, and removes the children. */
  close(): Promise<void>
}

const scriptsPerChild = 50

interface Slot {
  child: SandboxChild
  uses: number
}

interface Pool {
  size: number
  idle: Slot[]
  busy: number
  waiting: (() => void)[]
  folder: string | undefined
  closing: AbortController
  nextId: number
}

/** `size` children at most work at the same time (default 2); further scripts wait for their turn. */
export function createSandbox(options: { size?: number } = {}): Sandbox {
  const pool: Pool = {
    size: options.size ?? 2,
    idle: [],
    busy: 0,
    waiting: [],
    folder: undefined,
    closing: new AbortController(),
    nextId: 1,
  }
  return {
    async run(code, args, limits = {}) {
      return runScript(pool, toRequest(pool, code, { args, limits }), limits.signal)
    },
    async close() {
      pool.closing.abort()
      for (const wake of pool.waiting.splice(0)) wake()
      for (const slot of pool.idle.splice(0)) slot.child.kill()
      if (pool.folder) rmSync(pool.folder, { recursive: true, force: true })
      pool.folder = undefined
    },
  }
}

function toRequest(
  pool: Pool,
  code: string,
  given: { args: JsonObject; limits: ScriptLimits },
): ScriptRequest {
  const args = JSON.stringify(given.args)
  const isTooLarge = code.length > sandboxLimits.code || args.length > sandboxLimits.args
  if (isTooLarge) {
    throw new ScriptError({
      code: 'script-input-too-large',
      message: 'The script or its arguments are too large',
    })
  }
  const { timeoutMs = 5000, memoryMb = 64 } = given.limits
  return {
    id: pool.nextId++,
    code,
    args,
    timeoutMs: Math.min(Math.max(timeoutMs, 1), sandboxLimits.maxTimeoutMs),
    memoryMb: Math.min(Math.max(Math.round(memoryMb), 16), sandboxLimits.maxMemoryMb),
  }
}

async function runScript(pool: Pool, request: ScriptRequest, signal?: AbortSignal): Promise<ScriptAnswer> {
  const stop = signal ? AbortSignal.any([signal, pool.closing.signal]) : pool.closing.signal
  const slot = await takeSlot(pool, stop)
  try {
    slot.uses += 1
    return toAnswer(await slot.child.run(request, stop))
  } finally {
    giveBack(pool, slot)
  }
}

/** Waits until fewer than `size` scripts run; `giveBack` makes room for the next. */
async function takeSlot(pool: Pool, stop: AbortSignal): Promise<Slot> {
  while (pool.busy >= pool.size && !stop.aborted) await nextPlace(pool, stop)
  if (stop.aborted) throw canceled()
  pool.busy += 1
  return pool.idle.pop() ?? { child: startChild(folderOf(pool)), uses: 0 }
}

function nextPlace(pool: Pool, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      stop.removeEventListener('abort', leave)
      resolve()
    }
    const leave = () => {
      pool.waiting = pool.waiting.filter((other) => other !== wake)
      resolve()
    }
    stop.addEventListener('abort', leave, { once: true })
    pool.waiting.push(wake)
  })
}

function giveBack(pool: Pool, slot: Slot): void {
  pool.busy -= 1
  const isSpent = slot.uses >= scriptsPerChild || pool.closing.signal.aborted || !slot.child.isUsable()
  if (isSpent) slot.child.kill()
  else pool.idle.push(slot)
  pool.waiting.shift()?.()
}

function folderOf(pool: Pool): string {
  pool.folder ??= mkdtempSync(join(tmpdir(), 'fermata-sandbox-'))
  return pool.folder
}

const canceled = () => new ScriptError({ code: 'script-canceled', message: 'The script was stopped' })

function toAnswer(reply: ScriptReply): ScriptAnswer {
  if ('fault' in reply) throw new ScriptError(reply.fault, reply.log)
  if (nestsTooDeeply(reply.result)) {
    const message = `The result of the script nests deeper than ${sandboxLimits.resultDepth} levels`
    throw new ScriptError({ code: 'script-result-too-large', message }, reply.log)
  }
  return { result: parseResult(reply.result), log: reply.log }
}

function parseResult(text: string): Json {
  const options = { protoAction: 'remove', constructorAction: 'remove' } as const
  return secureJson.parse(text, null, options) as Json
}

/** Counts brackets outside of strings: deep JSON would overflow whoever walks it later. */
function nestsTooDeeply(text: string): boolean {
  let depth = 0
  for (const [token] of text.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"|[[\]{}]/gs)) {
    if (token === '[' || token === '{') depth += 1
    if (token === ']' || token === '}') depth -= 1
    if (depth > sandboxLimits.resultDepth) return true
  }
  return false
}
