// One script in one QuickJS of its own: a fresh WebAssembly instance with a hard maximum of memory (the
// engine's own limit is not reliable), a fresh runtime and context. Runs in the child process only.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { QuickJSContext, QuickJSHandle, QuickJSRuntime } from 'quickjs-emscripten'
import { newQuickJSWASMModuleFromVariant, newVariant, RELEASE_SYNC } from 'quickjs-emscripten'
import { prelude } from './prelude.ts'
import { type ScriptFault, type ScriptReply, type ScriptRequest, sandboxLimits } from './protocol.ts'

/** What the engine itself needs before a script allocates anything: 256 pages of 64 KiB. */
const ownPages = 256
const pagesPerMb = 16
const stackBytes = 256 * 1024
/** The function constructor puts this many lines before the script's first. */
const headerLines = 2

interface Machine {
  runtime: QuickJSRuntime
  context: QuickJSContext
  memory: WebAssembly.Memory
  memoryMb: number
  /** Lines of the script's own text. */
  lines: number
  log: string[]
  /** Whether the deadline has stopped the script. */
  interrupted(): boolean
  deadline: number
}

/** Compiles the engine once; every call of the answer evaluates one script. */
export function createEvaluator(): (request: ScriptRequest) => Promise<ScriptReply> {
  const wasm = new WebAssembly.Module(readFileSync(engineFile()))
  return async (request) => {
    const machine = await openMachine(wasm, request)
    try {
      const outcome = evaluate(machine, request)
      return { id: request.id, log: machine.log, ...outcome }
    } catch (error) {
      return { id: request.id, log: machine.log, spent: true, fault: breakdown(machine, error) }
    }
    // Not disposed: the whole instance, its memory included, is garbage now.
  }
}

function engineFile(): string {
  const own = createRequire(import.meta.url)
  const library = createRequire(own.resolve('quickjs-emscripten'))
  return library.resolve('@jitl/quickjs-wasmfile-release-sync/wasm')
}

async function openMachine(wasmModule: WebAssembly.Module, request: ScriptRequest): Promise<Machine> {
  const memory = new WebAssembly.Memory({
    initial: ownPages,
    maximum: ownPages + request.memoryMb * pagesPerMb,
  })
  const variant = newVariant(RELEASE_SYNC, { wasmModule, wasmMemory: memory })
  const engine = await newQuickJSWASMModuleFromVariant(variant)
  const runtime = engine.newRuntime()
  runtime.setMemoryLimit(request.memoryMb * 1024 * 1024)
  runtime.setMaxStackSize(stackBytes)
  const deadline = performance.now() + request.timeoutMs
  let interrupted = false
  runtime.setInterruptHandler(() => {
    interrupted ||= performance.now() > deadline
    return interrupted
  })
  const context = runtime.newContext()
  const { memoryMb } = request
  const lines = request.code.split('\n').length
  return { runtime, context, memory, memoryMb, lines, log: [], interrupted: () => interrupted, deadline }
}

type Outcome = { result: string } | { fault: ScriptFault }

function evaluate(machine: Machine, request: ScriptRequest): Outcome {
  const { context } = machine
  const start = context.unwrapResult(context.evalCode(prelude, 'prelude'))
  const emit = context.newFunction('emit', (line) => {
    if (machine.log.length <= sandboxLimits.logLines) machine.log.push(context.getString(line))
  })
  const answer = context.callFunction(
    start,
    context.undefined,
    context.newString(request.args),
    context.newString(request.code),
    emit,
  )
  if (answer.error) return { fault: unexplained(machine, answer.error) }
  if (context.typeof(answer.value) === 'string') return readAnswer(machine, answer.value)
  return settle(machine, answer.value)
}

function settle(machine: Machine, promise: QuickJSHandle): Outcome {
  const { context } = machine
  runPendingWork(machine)
  const state = context.getPromiseState(promise)
  if (state.type === 'fulfilled') return readAnswer(machine, state.value)
  if (state.type === 'rejected') return { fault: unexplained(machine, state.error) }
  if (machine.interrupted() || performance.now() > machine.deadline) return { fault: timedOut() }
  if (isMemoryFull(machine)) return { fault: noMemory() }
  return {
    fault: { code: 'script-stuck', message: 'The script waits for a promise that nothing will settle' },
  }
}

function runPendingWork(machine: Machine): void {
  while (machine.runtime.hasPendingJob()) {
    const done = machine.runtime.executePendingJobs(1000)
    // An interrupted async function leaves its promise pending: stop here, `settle` says why.
    if (done.error || machine.interrupted() || performance.now() > machine.deadline) break
  }
}

function readAnswer(machine: Machine, handle: QuickJSHandle): Outcome {
  // A script may catch what it is told; it may not outlive its time.
  if (machine.interrupted()) return { fault: timedOut() }
  const text = machine.context.getString(handle)
  if (text.startsWith('=')) return { result: text.slice(1) }
  return { fault: explain(machine, JSON.parse(text) as Failure) }
}

interface Failure {
  phase: 'compile' | 'run' | 'size'
  error: { name: string; message: string; stack: string }
}

function explain(machine: Machine, { phase, error }: Failure): ScriptFault {
  if (phase === 'size') return { code: 'script-result-too-large', message: tooLarge }
  if (error.message === 'out of memory' || (error.message === 'null' && isMemoryFull(machine)))
    return noMemory()
  const found = /<input>:(\d+)/.exec(error.stack)
  const line = found ? Math.min(Math.max(1, Number(found[1]) - headerLines), machine.lines) : undefined
  const message = error.name === 'thrown' ? error.message : `${error.name}: ${error.message}`
  const code = phase === 'compile' ? 'script-syntax' : 'script-error'
  return { code, message, ...(line === undefined ? {} : { line }) }
}

const tooLarge = 'The result of the script is larger than 1 MB'

/** The script failed so hard that it could not say why itself. */
function unexplained(machine: Machine, error: QuickJSHandle): ScriptFault {
  if (machine.interrupted()) return timedOut()
  if (isMemoryFull(machine)) return noMemory()
  const kind = machine.context.typeof(error)
  return { code: 'script-error', message: `The script failed with a value of type ${kind}` }
}

/** An exception of the host below QuickJS: its native stack or its memory gave way. */
function breakdown(machine: Machine, error: unknown): ScriptFault {
  if (machine.interrupted()) return timedOut()
  if (isMemoryFull(machine)) return noMemory()
  if (error instanceof RangeError) {
    return { code: 'script-error', message: 'RangeError: the script nests too deeply' }
  }
  return { code: 'script-crashed', message: 'The script broke the sandbox engine' }
}

// Out of memory, QuickJS may fail to allocate even the error and throws null: the size of the heap tells.
function isMemoryFull({ memory, memoryMb }: Machine): boolean {
  return memory.buffer.byteLength > memoryMb * 1024 * 1024 * 0.75
}

const timedOut = (): ScriptFault => ({
  code: 'script-timeout',
  message: 'The script took longer than its time limit',
})
const noMemory = (): ScriptFault => ({
  code: 'script-memory',
  message: 'The script needs more memory than its limit',
})
