// The log of the process, on the error stream: a line per event with the ids of what it is about, as JSON or as text.
import { type DestinationStream, type Logger, pino } from 'pino'
import type { LogFormat, LogLevel } from '../config.ts'
import { logText } from './log-text.ts'

export interface LogOptions {
  level: LogLevel | 'silent'
  format: LogFormat
}

export function createLog({ level, format }: LogOptions, to: DestinationStream = errorStream()): Logger {
  const options = {
    level,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: errorView },
  }
  return pino(options, format === 'json' ? to : { write: (line) => void to.write(logText(line)) })
}

const errorStream = (): DestinationStream => pino.destination({ dest: 2, sync: true })

/** What errors carry beside this may be data of records or requests: it stays out of the log. */
function errorView(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return { message: String(error) }
  const { name, message, stack, cause } = error
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {}
  const before = cause !== undefined && depth < 3 ? { cause: errorView(cause, depth + 1) } : {}
  return { name, message, ...code, stack, ...before }
}
