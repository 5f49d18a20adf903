// The log of the process, on the error stream. Commands are silent: what went wrong is their answer.
import { type Logger, pino } from 'pino'
import type { Io } from './io.ts'

export function createLog({ env }: Io, level: 'warn' | 'silent'): Logger {
  return pino({ level: env.FERMATA_DEBUG ? 'debug' : level }, pino.destination({ dest: 2, sync: true }))
}
