// What crosses the wall between the server and a sandbox child: JSON text, counted and capped.

/** Upper bounds that no caller can raise. Sizes in characters, times in milliseconds, memory in MiB. */
export const sandboxLimits = {
  code: 256 * 1024,
  args: 4 * 1024 * 1024,
  result: 1024 * 1024,
  resultDepth: 200,
  logLines: 1000,
  logLine: 2000,
  maxTimeoutMs: 10 * 60_000,
  maxMemoryMb: 512,
} as const

export type ScriptErrorCode =
  /** The text is not JavaScript. */
  | 'script-syntax'
  /** The script threw. */
  | 'script-error'
  | 'script-timeout'
  | 'script-memory'
  /** It returned a promise that nothing will ever settle. */
  | 'script-stuck'
  | 'script-input-too-large'
  | 'script-result-too-large'
  /** The child died or answered nonsense. */
  | 'script-crashed'
  /** Stopped from outside: the signal was aborted or the sandbox closed. */
  | 'script-canceled'

/** What went wrong in a script, as plain data. `line` counts from 1 in the script's own text. */
export interface ScriptFault {
  code: ScriptErrorCode
  message: string
  line?: number
}

export interface ScriptRequest {
  id: number
  code: string
  /** JSON object: its keys become global variables of the script. */
  args: string
  timeoutMs: number
  memoryMb: number
}

export type ScriptReply = {
  id: number
  log: string[]
  /** The engine broke below the script; the child must not be used again. */
  spent?: boolean
} & ({ result: string } | { fault: ScriptFault })

/** Rejection of `Sandbox.run`. */
export class ScriptError extends Error {
  readonly code: ScriptErrorCode
  readonly line: number | undefined
  /** What the script had logged before it failed, as far as it is known. */
  readonly log: readonly string[]

  constructor(fault: ScriptFault, log: readonly string[] = []) {
    super(fault.message)
    this.name = 'ScriptError'
    this.code = fault.code
    this.line = fault.line
    this.log = log
  }
}
