// Who a process id is: ids are used again, so a start time goes with it.
import { execFileSync } from 'node:child_process'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

/** Whether the process runs; one that is dead but not yet collected by its parent does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
  }
  return linuxStat(pid)?.[0] !== 'Z'
}

/**
 * A text that differs between any two processes that ever had this id on this machine; undefined when there is
 * no such process.
 */
export function processBirth(pid: number): string | undefined {
  if (!isAlive(pid)) return undefined
  if (process.platform === 'linux') {
    const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    const ticks = linuxStat(pid)?.[19]
    return ticks === undefined ? undefined : `${bootId}/${ticks}`
  }
  if (process.platform === 'win32') return String(pid)
  return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined
}

/** The same text for processes that can see each other's ids: one machine, and one container on it. */
export function processPlace(): string {
  if (process.platform !== 'linux') return hostname()
  return `${hostname()}/${readlinkSync('/proc/self/ns/pid')}`
}

// Fields of /proc/<pid>/stat from `state` on: the name before it may hold blanks and brackets.
function linuxStat(pid: number): string[] | undefined {
  if (process.platform !== 'linux') return undefined
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')
  } catch {
    return undefined
  }
}
