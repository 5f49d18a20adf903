// What Linux tells about processes: time they computed, memory they hold.
import { readdirSync, readFileSync } from 'node:fs'

const ticksPerSecond = 100

/** Processes and everything they started, children of children too; each once. */
export function familyOf(...roots: number[]): number[] {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    const parent = /^\d+$/.test(name) && statOf(Number(name))?.[1]
    if (parent) parents.set(Number(name), Number(parent))
  }
  const belongs = (pid: number | undefined): boolean =>
    pid !== undefined && (roots.includes(pid) || belongs(parents.get(pid)))
  return [...parents.keys()].filter(belongs)
}

/** CPU seconds of processes and their children, those that have ended included. */
export function familyCpu(...roots: number[]): number {
  const ticks = familyOf(...roots).flatMap((pid) => statOf(pid)?.slice(11, 15) ?? [])
  return ticks.reduce((sum, own) => sum + Number(own), 0) / ticksPerSecond
}

/** Fields of /proc/PID/stat after the command name: state, ppid, … utime (11), stime, cutime, cstime (14). */
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

/**
 * Megabytes a family of processes holds, a page shared by several counted once in all (PSS): the server processes of
 * PostgreSQL share their buffers, and the sum of their RSS would count these many times.
 */
export function familyMemory(...roots: number[]): number {
  return familyOf(...roots).reduce((sum, pid) => sum + memoryOf(pid), 0)
}

function memoryOf(pid: number): number {
  try {
    const [, kb] = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8').match(/^Pss:\s+(\d+)/m) ?? []
    return Number(kb ?? 0) / 1024
  } catch {
    return 0
  }
}
