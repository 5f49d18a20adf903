// The real things behind `services.ts`: the guarded ways out, the vault, records, statements, the sandbox.
import { revealConnection } from '../../access/vault/connections.ts'
import { knownHostsFor } from '../../access/vault/known-hosts.ts'
import type { Vault } from '../../access/vault/vault.ts'
import { AppError } from '../../core/errors.ts'
import type { JsonObject } from '../../core/json.ts'
import type { Pool } from '../../store/db.ts'
import { createOutbound } from '../outbound/outbound.ts'
import { createSandbox } from '../sandbox/sandbox.ts'
import type { Services } from '../services.ts'
import { createObjectServices } from './object-services.ts'

export interface ServicesOptions {
  pool: Pool
  vault: Vault
  /** Entries of `FERMATA_OUTBOUND_ALLOW`. */
  outboundAllow: readonly string[]
}

export interface WiredServices {
  services: Services
  /** Lets workflows call these too from now on, e.g. `127.0.0.1:2201`: for the hosts of the demo world. */
  allowOutbound(entries: readonly string[]): void
  /** Ends connections and scripts. */
  close(): Promise<void>
}

export function createServices({ pool, vault, outboundAllow }: ServicesOptions): WiredServices {
  const outbound = createOutbound({ allow: outboundAllow })
  const sandbox = createSandbox()
  const remote = {
    connect: outbound.connect,
    connection: (name: string) => openConnection(pool, vault, name),
  }
  return {
    services: {
      ...createObjectServices(pool, remote),
      ...remote,
      http: outbound.http,
      knownHosts: knownHostsFor(pool, 'system'),
      script: sandbox.run,
    },
    allowOutbound: outbound.allow,
    async close() {
      await Promise.all([outbound.close(), sandbox.close()])
    },
  }
}

async function openConnection(pool: Pool, vault: Vault, name: string): Promise<JsonObject> {
  try {
    return (await revealConnection(pool, vault, name)).settings
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'not-found') throw error
    const detail = `${error.message}: an administrator can make it under Admin, Connections.`
    throw new AppError('not-found', detail, { cause: error })
  }
}
