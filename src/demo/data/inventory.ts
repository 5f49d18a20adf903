// The small data centre of the demo world, as plain facts: records and simulated hosts are both made from it.
export interface SystemFacts {
  id: string
  title: string
  owner: string
  tier: 'gold' | 'silver' | 'bronze'
}

export interface SubsystemFacts {
  id: string
  system: string
  title: string
  env: 'prod' | 'uat'
}

export interface UnitFacts {
  id: string
  subsystem: string
  title: string
  /** The systemd service every instance of the unit runs. */
  service: string
  port: number
  memoryMb: number
  /** Hosts it is deployed on, one app instance each. */
  hosts: string[]
  databases: string[]
}

export interface HostFacts {
  id: string
  address: string
  os: string
  room: 'A' | 'B'
  cpus: number
  memoryGb: number
  diskGb: number
  /** Percent of the disk used when the demo world is made. */
  diskUsed: number
  note?: string
}

export interface DatabaseFacts {
  id: string
  engine: 'postgresql' | 'redis'
  version: string
  host: string
  sizeGb: number
}

export const systems: SystemFacts[] = [
  { id: 'pay', title: 'Payments', owner: 'li.wei', tier: 'gold' },
  {
    id: 'shop',
    title: 'Online shop',
    owner: 'anna.petrova',
    tier: 'gold',
  },
  {
    id: 'crm',
    title: 'Customer care',
    owner: 'anna.petrova',
    tier: 'silver',
  },
  {
    id: 'dwh',
    title: 'Reporting',
    owner: 'li.wei',
    tier: 'bronze',
  },
]

export const subsystems: SubsystemFacts[] = [
  {
    id: 'pay-core',
    system: 'pay',
    title: 'Payment core',
    env: 'prod',
  },
  {
    id: 'pay-clearing',
    system: 'pay',
    title: 'Clearing',
    env: 'prod',
  },
  {
    id: 'shop-web',
    system: 'shop',
    title: 'Shop front',
    env: 'prod',
  },
  {
    id: 'crm-desk',
    system: 'crm',
    title: 'Service desk',
    env: 'prod',
  },
  {
    id: 'dwh-reports',
    system: 'dwh',
    title: 'Nightly reports',
    env: 'uat',
  },
]

export const units: UnitFacts[] = [
  {
    id: 'pay-api',
    subsystem: 'pay-core',
    title: 'Payment API',
    service: 'pay-api',
    port: 8443,
    memoryMb: 1480,
    hosts: ['pay-01', 'pay-02', 'pay-03'],
    databases: ['pay-db', 'pay-cache'],
  },
  {
    id: 'pay-clearing',
    subsystem: 'pay-clearing',
    title: 'Clearing worker',
    service: 'pay-clearing',
    port: 8450,
    memoryMb: 960,
    hosts: ['pay-01', 'pay-02'],
    databases: ['pay-db'],
  },
  {
    id: 'shop-front',
    subsystem: 'shop-web',
    title: 'Shop front end',
    service: 'shop-front',
    port: 8080,
    memoryMb: 720,
    hosts: ['shop-01', 'shop-02', 'shop-03'],
    databases: ['shop-db'],
  },
  {
    id: 'shop-cart',
    subsystem: 'shop-web',
    title: 'Shopping cart',
    service: 'shop-cart',
    port: 8081,
    memoryMb: 540,
    hosts: ['shop-01', 'shop-02'],
    databases: ['shop-db', 'shop-cache'],
  },
  {
    id: 'crm-web',
    subsystem: 'crm-desk',
    title: 'Service desk web',
    service: 'crm-web',
    port: 8080,
    memoryMb: 610,
    hosts: ['crm-01', 'crm-02'],
    databases: ['crm-db'],
  },
  {
    id: 'dwh-etl',
    subsystem: 'dwh-reports',
    title: 'Report loader',
    service: 'dwh-etl',
    port: 9000,
    memoryMb: 2100,
    hosts: ['dwh-01'],
    databases: ['dwh-db'],
  },
]

const rocky = 'Rocky Linux 9.4'
const ubuntu = 'Ubuntu 24.04 LTS'
const host = (
  id: string,
  address: string,
  facts: Omit<HostFacts, 'id' | 'address' | 'room'> & Partial<Pick<HostFacts, 'room'>>,
): HostFacts => ({ room: Number(id.at(-1)) % 2 ? 'A' : 'B', ...facts, id, address })
const small = { os: rocky, cpus: 4, memoryGb: 8, diskGb: 40 }
const large = { os: ubuntu, cpus: 16, memoryGb: 64, diskGb: 500 }

export const hosts: HostFacts[] = [
  host('pay-01', '10.20.1.11', { ...small, diskUsed: 41 }),
  host('pay-02', '10.20.1.12', { ...small, diskUsed: 47 }),
  host('pay-03', '10.20.1.13', {
    ...small,
    diskUsed: 98,
    note: 'Debug logging was left on: the disk is full.',
  }),
  host('shop-01', '10.20.2.11', { ...small, diskUsed: 52 }),
  host('shop-02', '10.20.2.12', { ...small, diskUsed: 86, note: 'Access logs are not rotated.' }),
  host('shop-03', '10.20.2.13', { ...small, diskUsed: 38 }),
  host('crm-01', '10.20.3.11', { ...small, diskUsed: 44 }),
  host('crm-02', '10.20.3.12', {
    ...small,
    diskUsed: 59,
    note: 'A patch run was interrupted and left its lock.',
  }),
  host('dwh-01', '10.20.4.11', {
    ...large,
    diskUsed: 91,
    note: 'Warehouse files fill the disk; logs are small.',
  }),
  host('db-01', '10.20.9.11', { ...large, diskUsed: 63 }),
  host('db-02', '10.20.9.12', { ...large, diskUsed: 71 }),
]

export const databases: DatabaseFacts[] = [
  { id: 'pay-db', engine: 'postgresql', version: '17.5', host: 'db-01', sizeGb: 180 },
  { id: 'pay-cache', engine: 'redis', version: '7.4', host: 'db-01', sizeGb: 6 },
  { id: 'shop-db', engine: 'postgresql', version: '17.5', host: 'db-02', sizeGb: 240 },
  { id: 'shop-cache', engine: 'redis', version: '7.4', host: 'db-02', sizeGb: 4 },
  { id: 'crm-db', engine: 'postgresql', version: '16.9', host: 'db-02', sizeGb: 85 },
  { id: 'dwh-db', engine: 'postgresql', version: '17.5', host: 'dwh-01', sizeGb: 410 },
]
