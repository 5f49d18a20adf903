// Commands that say how the host is.
import { setTimeout as sleepFor } from 'node:timers/promises'
import { journal } from '../../world.ts'
import { type Call, readFlags } from '../session.ts'

export function uptime(call: Call): number {
  const minutes = Math.floor((Date.now() - call.host.bootedAt) / 60_000)
  const days = Math.floor(minutes / 1440)
  const clock = `${Math.floor((minutes % 1440) / 60)}:${String(minutes % 60).padStart(2, '0')}`
  const load = [0.42, 0.37, 0.31].map((value) => (value * call.host.cpus * 0.25).toFixed(2)).join(', ')
  const now = new Date().toISOString().slice(11, 19)
  call.stdout(` ${now} up ${days} days, ${clock.padStart(5)},  1 user,  load average: ${load}\n`)
  return 0
}

/** A simulated host is back at once. */
export function shutdown({ args, host, stdout }: Call): number {
  if (args[0] !== '-r') return 1
  host.bootedAt = Date.now()
  journal(host, `systemd-logind: System is rebooting. ${args.slice(2).join(' ')}`.trim())
  stdout('The system will reboot now!\n')
  return 0
}

export function ps(call: Call): number {
  call.stdout('    PID USER         RSS COMMAND\n')
  call.stdout('      1 root       12480 /usr/lib/systemd/systemd\n')
  for (const [name, service] of Object.entries(call.host.services)) {
    if (service.state !== 'active') continue
    const pid = String(service.pid).padStart(7)
    call.stdout(
      `${pid} ${name.padEnd(10).slice(0, 10)} ${String(service.memoryMb * 1024).padStart(7)} /opt/${name}/bin/${name}\n`,
    )
  }
  return 0
}

export function free(call: Call): number {
  const services = Object.values(call.host.services).filter((service) => service.state === 'active')
  const used = services.reduce((sum, service) => sum + service.memoryMb, 380)
  call.stdout('               total        used        free\n')
  const columns = [call.host.memoryMb, used, Math.max(0, call.host.memoryMb - used)]
  call.stdout(`Mem:    ${columns.map((value) => String(value).padStart(12)).join('')}\n`)
  return 0
}

export function journalctl(call: Call): number {
  const { flags } = readFlags(call.args, ['-u', '--unit', '-n', '--lines', '--since'])
  const unit = (flags.get('-u') ?? flags.get('--unit') ?? '').replace(/\.service$/, '')
  const count = Number(flags.get('-n') ?? flags.get('--lines') ?? 50)
  const lines = call.host.journal.filter((line) => line.includes(unit)).slice(-count)
  call.stdout(lines.length > 0 ? `${lines.join('\n')}\n` : '-- No entries --\n')
  return 0
}

export async function sleep(call: Call): Promise<number> {
  const match = /^(\d+(?:\.\d+)?)([smh]?)$/.exec(call.args[0] ?? '')
  if (!match) {
    call.stderr(`sleep: invalid time interval '${call.args[0] ?? ''}'\n`)
    return 1
  }
  const unit = { s: 1000, m: 60_000, h: 3_600_000 }[(match[2] || 's') as 's' | 'm' | 'h']
  const ms = Math.min(Number(match[1]) * unit, 3_600_000)
  await sleepFor(ms, undefined, { signal: call.signal, ref: false }).catch(() => undefined)
  return call.signal.aborted ? 130 : 0
}

/** `test -f path`, `[ a = b ]` and the comparisons of numbers. */
export function test(call: Call): number {
  const args = call.name === '[' ? call.args.slice(0, -1) : call.args
  const [first = '', operator = '', second = ''] = args
  if (args.length === 2) return unary(call, first, operator) ? 0 : 1
  if (args.length === 1) return first === '' ? 1 : 0
  const [left, right] = [Number(first), Number(second)]
  const results: Record<string, boolean> = {
    '=': first === second,
    '==': first === second,
    '!=': first !== second,
    '-eq': left === right,
    '-ne': left !== right,
    '-lt': left < right,
    '-le': left <= right,
    '-gt': left > right,
    '-ge': left >= right,
  }
  return results[operator] ? 0 : 1
}

function unary(call: Call, flag: string, operand: string): boolean {
  if (flag === '-z') return operand === ''
  if (flag === '-n') return operand !== ''
  return Object.hasOwn(call.host.files, operand)
}
