// The data centre as it is on the first day: one disk is full, one patch run was interrupted.
import { randomUUID } from 'node:crypto'
import type { HostFacts, UnitFacts } from '../data/inventory.ts'
import { databases, hosts, units } from '../data/inventory.ts'
import type { HostFile, Service, SimulatedHost, World } from './world.ts'
import { journal } from './world.ts'

/** Left behind by an interrupted patch run; patching refuses to start while it is there. */
export const patchLock = '/var/lib/dnf/transaction.lock'

const day = 86_400_000

function service(facts: Omit<Service, 'state' | 'since' | 'pid'>, index: number): Service {
  return { ...facts, state: 'active', since: Date.now() - (3 + index) * day, pid: 1210 + index * 137 }
}

function servicesOf(host: HostFacts): Record<string, Service> {
  const found: [string, Omit<Service, 'state' | 'since' | 'pid'>][] = [
    ['sshd', { description: 'OpenSSH server daemon', memoryMb: 8, port: 22 }],
    ['node-exporter', { description: 'Prometheus node exporter', memoryMb: 21, port: 9100 }],
  ]
  for (const unit of units) {
    if (!unit.hosts.includes(host.id)) continue
    found.push([unit.service, { description: unit.title, memoryMb: unit.memoryMb, port: unit.port }])
  }
  for (const database of databases) {
    if (database.host !== host.id) continue
    const port = database.engine === 'redis' ? 6379 : 5432
    found.push([database.id, { description: `${database.engine} ${database.version}`, memoryMb: 2048, port }])
  }
  return Object.fromEntries(found.map(([name, facts], index) => [name, service(facts, index)]))
}

/** Log files a clean-up may remove; what they free decides whether cleaning helps. */
function logsOf(host: HostFacts, unit: UnitFacts | undefined): Record<string, HostFile> {
  const files: Record<string, HostFile> = {
    '/etc/hostname': { sizeMb: 0, text: `${host.id}\n` },
    '/etc/os-release': { sizeMb: 0, text: `PRETTY_NAME="${host.os}"\n` },
    '/var/log/messages': { sizeMb: 38 },
  }
  const name = unit?.service ?? 'db'
  files[`/var/log/${name}/${name}.log`] = { sizeMb: 120 }
  const big = host.id === 'pay-03' ? 5400 : host.id === 'shop-02' ? 4300 : 90
  for (const number of [1, 2, 3]) files[`/var/log/${name}/${name}.log.${number}`] = { sizeMb: big }
  if (host.id === 'pay-03') files[`/var/log/${name}/debug.log.1`] = { sizeMb: 6100 }
  if (host.id === 'crm-02') files[patchLock] = { sizeMb: 0, text: '24817\n' }
  if (host.id === 'dwh-01') files['/data/warehouse/2025.parquet'] = { sizeMb: 260_000 }
  return files
}

function makeHost(facts: HostFacts, index: number): SimulatedHost {
  const files = logsOf(
    facts,
    units.find((unit) => unit.hosts.includes(facts.id)),
  )
  const diskMb = facts.diskGb * 1024
  const inFiles = Object.values(files).reduce((sum, file) => sum + file.sizeMb, 0)
  const host: SimulatedHost = {
    id: facts.id,
    address: facts.address,
    os: facts.os,
    cpus: facts.cpus,
    memoryMb: facts.memoryGb * 1024,
    bootedAt: Date.now() - (20 + index * 7) * day,
    diskMb,
    // A little under the wanted percentage, because df rounds up.
    baseMb: Math.floor((facts.diskUsed / 100) * diskMb) - inFiles - 8,
    files,
    services: servicesOf(facts),
    patchLevel: '2025.06',
    journal: [],
  }
  journal(host, 'systemd[1]: Startup finished.')
  if (facts.note) journal(host, `kernel: ${facts.note}`)
  return host
}

export function makeWorld(): World {
  return {
    id: randomUUID(),
    hosts: Object.fromEntries(hosts.map((facts, index) => [facts.id, makeHost(facts, index)])),
    pools: Object.fromEntries(
      units.map((unit) => [unit.id, Object.fromEntries(unit.hosts.map((id) => [id, 'enabled' as const]))]),
    ),
    silences: {},
    mail: [],
    tickets: [],
  }
}
