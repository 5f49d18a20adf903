// The records of the demo world, made from the inventory. A relation's value is the id, or ids, of what it leads to.
import type { JsonObject } from '../../core/json.ts'
import { databases, hosts, subsystems, systems, units } from './inventory.ts'

export interface DemoRecord {
  collection: string
  id: string
  values: JsonObject
}

function envOf(unitId: string): string {
  const unit = units.find((one) => one.id === unitId)
  return subsystems.find((one) => one.id === unit?.subsystem)?.env ?? 'prod'
}

const appInstances: DemoRecord[] = units.flatMap((unit) =>
  unit.hosts.map((host, index) => ({
    collection: 'app_instance',
    id: `${unit.id}-${index + 1}`,
    values: {
      name: `${unit.id}-${index + 1}`,
      service: unit.service,
      port: unit.port,
      env: envOf(unit.id),
      status: 'running',
      version: '4.12.3',
      unit: unit.id,
      host,
    },
  })),
)

const hostRecords: DemoRecord[] = hosts.map((host) => ({
  collection: 'host',
  id: host.id,
  values: {
    name: host.id,
    ip: host.address,
    // Where the simulated host listens is known, and written here, at each start.
    address: '127.0.0.1',
    port: 0,
    os: host.os,
    room: host.room,
    cpus: host.cpus,
    memory_gb: host.memoryGb,
    disk_gb: host.diskGb,
    status: 'running',
    patch_level: '2025.06',
    note: host.note ?? null,
  },
}))

/** In the order they can be created. */
export const demoRecords: DemoRecord[] = [
  ...systems.map(({ id, title, owner, tier }) => ({
    collection: 'system',
    id,
    values: { name: id, title, owner, tier },
  })),
  ...subsystems.map(({ id, title, env, system }) => ({
    collection: 'subsystem',
    id,
    values: { name: id, title, env, system },
  })),
  ...hostRecords,
  ...databases.map(({ id, engine, version, host, sizeGb }) => ({
    collection: 'database',
    id,
    values: { name: id, engine, version, size_gb: sizeGb, host },
  })),
  ...units.map(({ id, title, service, port, subsystem, databases: used }) => ({
    collection: 'unit',
    id,
    values: { name: id, title, service, port, subsystem, databases: used },
  })),
  ...appInstances,
]
