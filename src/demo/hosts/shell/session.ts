// What a command of the simulated shell gets to work with.
import type { SimulatedHost } from '../world.ts'

export interface Session {
  host: SimulatedHost
  user: string
  variables: Record<string, string>
  /** Aborted when the client goes away or the hosts are closed. */
  signal: AbortSignal
  /** Multiplier of every delay; 0 for none. */
  pace: number
  stdout(text: string): void
  stderr(text: string): void
}

export interface Call extends Session {
  /** Name the command was called by. */
  name: string
  args: string[]
  stdin: string
}

/** Answers the exit code. */
export type Command = (call: Call) => number | Promise<number>

/** Waits as long as the real thing would, in milliseconds; returns early when the client goes away. */
export async function linger(session: Pick<Session, 'pace' | 'signal'>, ms: number): Promise<void> {
  const { pace, signal } = session
  if (pace === 0 || signal.aborted) return
  await new Promise<void>((resolve) => {
    const end = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms * pace)
    signal.addEventListener('abort', end)
  })
}

/** Splits `-rf --lines=5 path` into flags and operands; a flag listed in `valued` takes the next word. */
export function readFlags(
  args: readonly string[],
  valued: readonly string[] = [],
): { flags: Map<string, string>; operands: string[] } {
  const flags = new Map<string, string>()
  const operands: string[] = []
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] as string
    const [name, value] = arg.split(/=(.*)/s) as [string, string | undefined]
    if (!arg.startsWith('-') || arg === '-') operands.push(arg)
    else if (valued.includes(name)) flags.set(name, value ?? args[++at] ?? '')
    else if (arg.startsWith('--')) flags.set(name, value ?? '')
    else for (const letter of arg.slice(1)) flags.set(`-${letter}`, '')
  }
  return { flags, operands }
}
