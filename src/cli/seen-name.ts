// How a command names a risky node run as it was seen: `restart[pay-03]#2` is its second attempt.
import { AppError } from '../core/errors.ts'

export interface Seen {
  run: string
  attempt: number
}

export const seenName = ({ run, attempt }: Seen): string => `${run}#${attempt}`

export function readSeen(name: string): Seen {
  const [, run, attempt] = /^(.+)#(\d{1,5})$/.exec(name) ?? []
  if (run === undefined) {
    throw new AppError('bad-request', `Name the attempt you have seen too: '${name}#1'.`)
  }
  return { run, attempt: Number(attempt) }
}
