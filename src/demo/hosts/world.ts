// What the simulated data centre remembers: plain JSON, so that whoever starts it may keep it.

export type ServiceState = 'active' | 'inactive' | 'failed'

export interface Service {
  description: string
  state: ServiceState
  /** Milliseconds since the epoch of the last change of state. */
  since: number
  pid: number
  memoryMb: number
  /** TCP port it would listen on; 0 for none. */
  port: number
}

export interface HostFile {
  sizeMb: number
  text?: string
}

export interface SimulatedHost {
  id: string
  address: string
  os: string
  cpus: number
  memoryMb: number
  bootedAt: number
  diskMb: number
  /** What is used beside `files`. */
  baseMb: number
  files: Record<string, HostFile>
  services: Record<string, Service>
  patchLevel: string
  journal: string[]
}

export interface Ticket {
  id: string
  title: string
  description: string
  priority: string
  status: string
}

export interface Mail {
  id: number
  to: string
  subject: string
  text: string
  at: string
}

export interface World {
  /** Random: tells this data centre from another one on the same port. */
  id: string
  hosts: Record<string, SimulatedHost>
  /** Load balancer pools: unit → host → state. */
  pools: Record<string, Record<string, 'enabled' | 'drained'>>
  /** Silenced hosts: until when (ISO) and why. */
  silences: Record<string, { until: string; reason: string }>
  mail: Mail[]
  tickets: Ticket[]
}

/** The patch level every host may be brought to. */
export const latestPatchLevel = '2025.09'

export function usedMb(host: SimulatedHost): number {
  return Object.values(host.files).reduce((sum, file) => sum + file.sizeMb, host.baseMb)
}

/** Percent of the disk in use, rounded up as `df` does. */
export function usedPercent(host: SimulatedHost): number {
  return Math.min(100, Math.ceil((usedMb(host) / host.diskMb) * 100))
}

/** No program can start: there is no room left for its files. */
export function isDiskFull(host: SimulatedHost): boolean {
  return usedPercent(host) >= 97
}

/** Adds a line to the host's journal, which keeps the last 200. */
export function journal(host: SimulatedHost, line: string): void {
  host.journal.push(`${new Date().toISOString().slice(0, 19)} ${host.id} ${line}`)
  if (host.journal.length > 200) host.journal.splice(0, host.journal.length - 200)
}
