// Starts the simulated data centre: one SSH server per host, one HTTP server, all on loopback.
import { randomBytes } from 'node:crypto'
import { startHttpHost } from './http-server.ts'
import { makeWorld } from './make-world.ts'
import { type Credentials, makeHostKey, startSshHost } from './ssh-server.ts'
import type { World } from './world.ts'

/**
 * All that the hosts need to be the same after a restart: ports, host keys, the password, and what was done to them.
 * Plain JSON; keep it where you like and give it back.
 */
export interface DemoHostsState {
  credentials: Credentials
  /** Private host key and SSH port by host id. */
  identities: Record<string, { hostKey: string; port: number }>
  httpPort: number
  world: World
}

export interface DemoHostsOptions {
  /** What an earlier start saved; without it a new data centre is made. */
  state?: DemoHostsState | undefined
  /** Called with the state after it changed; never twice at once. */
  save?: (state: DemoHostsState) => void | Promise<void>
  log?: (line: string) => void
  /** Multiplier of every simulated delay; default 1, 0 for none. */
  pace?: number
}

export interface DemoHosts {
  /** `address` and `port` are where the SSH server of the host listens. */
  hosts: { id: string; address: string; port: number }[]
  /** Without a slash at the end. */
  httpUrl: string
  credentials: Credentials
  /** The live state: what was done to the hosts can be seen here. */
  state: DemoHostsState
  close(): Promise<void>
}

function newState(): DemoHostsState {
  const world = makeWorld()
  const identities = Object.keys(world.hosts).map((id) => [id, { hostKey: makeHostKey(), port: 0 }])
  return {
    credentials: { user: 'fermata', password: randomBytes(12).toString('base64url') },
    identities: Object.fromEntries(identities),
    httpPort: 0,
    world,
  }
}

interface Saver {
  touch(): void
  settled(): Promise<void>
}

/** Saves after changes, one save at a time; changes made meanwhile cause one more. */
function makeSaver(state: DemoHostsState, options: DemoHostsOptions): Saver {
  let isDirty = false
  let active: Promise<void> | undefined
  const drain = async () => {
    while (isDirty) {
      isDirty = false
      await options.save?.(state)
    }
  }
  const touch = () => {
    isDirty = true
    active ??= drain()
      .catch((error: unknown) => options.log?.(`demo hosts: state not saved: ${String(error)}`))
      .finally(() => {
        active = undefined
      })
  }
  return { touch, settled: async () => active }
}

/** Where the hosts of a state listen, while they do. */
export function placesOf(state: DemoHostsState): Omit<DemoHosts, 'close'> {
  const { credentials, identities, httpPort } = state
  const hosts = Object.entries(identities).map(([id, { port }]) => ({ id, address: '127.0.0.1', port }))
  return { hosts, httpUrl: `http://127.0.0.1:${httpPort}`, credentials, state }
}

/** Ports of the state are taken again when they are free; otherwise others are chosen and put into the state. */
export async function startDemoHosts(options: DemoHostsOptions = {}): Promise<DemoHosts> {
  const state = options.state ?? newState()
  const saver = makeSaver(state, options)
  const { world, credentials, identities } = state
  const shared = { credentials, pace: options.pace ?? 1, onChange: saver.touch }
  const sshHosts = await Promise.all(
    Object.entries(identities).map(async ([id, identity]) => {
      const host = world.hosts[id]
      if (!host) throw new Error(`The demo state has a key for "${id}" but no such host`)
      const server = await startSshHost({ ...shared, host, hostKey: identity.hostKey, port: identity.port })
      identity.port = server.port
      return { id, server }
    }),
  )
  const http = await startHttpHost({ ...shared, world, port: state.httpPort })
  state.httpPort = http.port
  saver.touch()
  options.log?.(`demo hosts: ${sshHosts.length} SSH servers and http://127.0.0.1:${http.port}`)
  return {
    ...placesOf(state),
    close: async () => {
      await Promise.all([...sshHosts.map(({ server }) => server.close()), http.close()])
      await saver.settled()
    },
  }
}
