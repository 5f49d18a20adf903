import { isDiskFull, journal, type Service, type ServiceState } from '../../world.ts'
import { type Call, linger, readFlags } from '../session.ts'

type Named = { name: string; service: Service }

function stamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

function move(call: Call, { name, service }: Named, state: ServiceState): void {
  service.state = state
  service.since = Date.now()
  if (state === 'active') service.pid = 2000 + Math.floor(Math.random() * 28_000)
  const verb = { active: 'Started', inactive: 'Stopped', failed: 'Failed to start' }[state]
  journal(call.host, `systemd[1]: ${verb} ${service.description} (${name}.service).`)
}

async function start(call: Call, found: Named): Promise<number> {
  if (found.service.state === 'active') return 0
  await linger(call, 250 + found.service.memoryMb / 4)
  if (isDiskFull(call.host)) {
    move(call, found, 'failed')
    journal(call.host, `${found.name}[${found.service.pid}]: cannot open log file: No space left on device`)
    call.stderr(`Job for ${found.name}.service failed: the control process exited with an error.\n`)
    call.stderr(`Failed to ${call.args[0]} ${found.name}.service: No space left on device\n`)
    return 1
  }
  move(call, found, 'active')
  return 0
}

async function stop(call: Call, found: Named): Promise<number> {
  if (found.service.state === 'inactive') return 0
  await linger(call, 150)
  move(call, found, 'inactive')
  return 0
}

async function restart(call: Call, found: Named): Promise<number> {
  await stop(call, found)
  return start(call, found)
}

function isActive(call: Call, { service }: Named): number {
  if (!readFlags(call.args).flags.has('-q')) call.stdout(`${service.state}\n`)
  return service.state === 'active' ? 0 : 3
}

function isFailed(call: Call, { service }: Named): number {
  call.stdout(`${service.state}\n`)
  return service.state === 'failed' ? 0 : 1
}

function status(call: Call, { name, service }: Named): number {
  const isUp = service.state === 'active'
  const state = {
    active: 'active (running)',
    inactive: 'inactive (dead)',
    failed: 'failed (Result: exit-code)',
  }
  call.stdout(
    [
      `${isUp ? '●' : '○'} ${name}.service - ${service.description}`,
      `     Loaded: loaded (/etc/systemd/system/${name}.service; enabled; preset: disabled)`,
      `     Active: ${state[service.state]} since ${stamp(service.since)}`,
      ...(isUp ? [`   Main PID: ${service.pid} (${name})`, `     Memory: ${service.memoryMb}.0M`] : []),
      '',
      ...call.host.journal.filter((line) => line.includes(name)).slice(-5),
      '',
    ].join('\n'),
  )
  return isUp ? 0 : 3
}

const verbs: Record<string, (call: Call, found: Named) => number | Promise<number>> = {
  start,
  stop,
  restart,
  'try-restart': restart,
  reload: () => 0,
  enable: () => 0,
  disable: () => 0,
  'is-active': isActive,
  'is-failed': isFailed,
  'is-enabled': (call) => {
    call.stdout('enabled\n')
    return 0
  },
  status,
}

function listUnits(call: Call): number {
  for (const [name, service] of Object.entries(call.host.services)) {
    const sub = { active: 'running', inactive: 'dead', failed: 'failed' }[service.state]
    call.stdout(
      `${`${name}.service`.padEnd(28)} loaded ${service.state.padEnd(8)} ${sub.padEnd(8)} ${service.description}\n`,
    )
  }
  return 0
}

function unknownService(call: Call, verb: string, name: string): number {
  if (verb === 'is-active') {
    call.stdout('inactive\n')
    return 3
  }
  if (verb === 'status') {
    call.stderr(`Unit ${name}.service could not be found.\n`)
    return 4
  }
  call.stderr(`Failed to ${verb} ${name}.service: Unit ${name}.service not found.\n`)
  return 5
}

export async function systemctl(call: Call): Promise<number> {
  const [verb = 'list-units', ...names] = readFlags(call.args).operands
  if (verb === 'daemon-reload') return 0
  if (verb === 'list-units' || verb === 'list-unit-files') return listUnits(call)
  const act = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined
  if (!act) {
    call.stderr(`Unknown command verb ${verb}.\n`)
    return 1
  }
  let code = 0
  for (const wanted of names) {
    const name = wanted.replace(/\.service$/, '')
    const service = Object.hasOwn(call.host.services, name) ? call.host.services[name] : undefined
    code = service ? await act(call, { name, service }) : unknownService(call, verb, name)
    if (code !== 0) break
  }
  return code
}
