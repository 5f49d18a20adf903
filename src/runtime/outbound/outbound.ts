// The only way out for node types: HTTP and TCP behind one guard.
import type { Socket } from 'node:net'
import type { HttpAnswer, HttpOptions } from '../../sdk/node-type.ts'
import { type AllowList, parseAllowList } from './allow-list.ts'
import { type Lookup, lookupAll } from './check-destination.ts'
import { createAgent } from './guarded-agent.ts'
import { type Guard, guardedConnect } from './guarded-connect.ts'
import { guardedHttp } from './guarded-http.ts'

export interface Outbound {
  /** A connected socket; the caller ends it. */
  connect(host: string, port: number, signal: AbortSignal): Promise<Socket>
  http(url: string, options: HttpOptions | undefined, signal: AbortSignal): Promise<HttpAnswer>
  /** Further entries, beside those of the settings, from now on. Throws `config-invalid`. */
  allow(entries: readonly string[]): void
  /** Ends idle and busy HTTP connections. */
  close(): Promise<void>
}

export interface OutboundSettings {
  /** Entries of `FERMATA_OUTBOUND_ALLOW`: `name`, `name:port`, addresses, ranges. Throws `config-invalid`. */
  allow: readonly string[]
  /** Default: the resolver of the system. */
  lookup?: Lookup
  /** Default 10,000 ms. */
  connectTimeoutMs?: number
}

export function createOutbound(settings: OutboundSettings): Outbound {
  const { allow, lookup = lookupAll, connectTimeoutMs = 10_000 } = settings
  const lists = [parseAllowList(allow)]
  const guard: Guard = { allow: anyOf(lists), lookup, connectTimeoutMs }
  const agent = createAgent(guard)
  return {
    connect: (host, port, signal) => guardedConnect(guard, { host, port }, signal),
    http: (url, options, signal) => guardedHttp(agent, { url, options }, signal),
    allow: (entries) => void lists.push(parseAllowList(entries)),
    close: () => agent.destroy(),
  }
}

function anyOf(lists: readonly AllowList[]): AllowList {
  return {
    allowsHost: (to) => lists.some((list) => list.allowsHost(to)),
    allowsAddress: (address, to) => lists.some((list) => list.allowsAddress(address, to)),
  }
}
