// What Linux tells about processes: time they computed, memory they hold.
import { readdirSync, readFileSync } from 'node:fs'

const ticksPerSecond = 100

/** A process and everything it started, children of children too. */
export function familyOf(root: number): number[] {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    const parent = /^\d+$/.test(name) && statOf(Number(name))?.[1]
    if (parent) parents.set(Number(name), Number(parent))
  }
  const belongs = (pid: number | undefined): boolean =>
    pid !== undefined && (pid === root || belongs(parents.get(pid)))
  return [...parents.keys()].filter(belongs)
}

/** CPU seconds of a process and its children, those that have ended included. */
export function familyCpu(root: number): number {
  const ticks = (fields: string[] | undefined, from: number) =>
    Number(fields?.[from] ?? 0) + Number(fields?.[from + 1] ?? 0)
  const living = familyOf(root).reduce((sum, pid) => sum + ticks(statOf(pid), 11), 0)
  return (living + ticks(statOf(root), 13)) / ticksPerSecond
}

/** Fields of /proc/PID/stat after the command name: state, ppid, … utime (11), stime, cutime (13), cstime. */
function statOf(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')
  } catch {
    return undefined
  }
}

/** Seconds all processors have been busy with anything, whoever for. */
export function machineCpu(): number {
  const [, user, nice, system, , , irq, softirq, steal] = readFileSync('/proc/stat', 'utf8').split(/\s+/)
  const busy = [user, nice, system, irq, softirq, steal].reduce((sum, ticks) => sum + Number(ticks), 0)
  return busy / ticksPerSecond
}
