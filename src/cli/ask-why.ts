import { AppError } from '../core/errors.ts'
import { ask } from './ask.ts'
import { type Io, isInteractive } from './io.ts'

/** The reason of an act that must say why: as given, or asked for in a terminal. */
export async function askWhy(io: Io, act: string, reason: string | undefined): Promise<string> {
  if (reason?.trim()) return reason
  if (!isInteractive(io)) throw new AppError('bad-request', `Say why you ${act}: --reason <text>`)
  const answer = await ask(io, `Why ${act}? `)
  if (answer === '') throw new AppError('bad-request', 'Nothing was done: no reason was given.')
  return answer
}
