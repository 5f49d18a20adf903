// The setting FERMATA_OUTBOUND_ALLOW: what may be called although it would be refused.
import ipaddr from 'ipaddr.js'
import { AppError } from '../../core/errors.ts'
import { parseAddress } from './address-policy.ts'
import { normalizeHost } from './host-name.ts'

export interface Destination {
  /** Normalised. */
  host: string
  port: number
}

export interface AllowList {
  /** By name: wherever it points. */
  allowsHost(destination: Destination): boolean
  allowsAddress(address: string, destination: Destination): boolean
}

interface Entry {
  matches(address: string, host: string): boolean
  byName: boolean
  port: number | undefined
}

/** `name`, `name:port`, `*.name`, `10.0.0.1`, `[::1]:8080`, `10.0.0.0/8`. Throws `config-invalid`. */
export function parseAllowList(texts: readonly string[]): AllowList {
  const entries = texts.map(parseEntry)
  const fits = (entry: Entry, port: number) => entry.port === undefined || entry.port === port
  return {
    allowsHost: ({ host, port }) =>
      entries.some((entry) => entry.byName && fits(entry, port) && entry.matches('', host)),
    allowsAddress: (address, { host, port }) =>
      entries.some((entry) => !entry.byName && fits(entry, port) && entry.matches(address, host)),
  }
}

function parseEntry(text: string): Entry {
  try {
    return text.includes('/') ? rangeEntry(text) : hostEntry(text)
  } catch (cause) {
    const message = `FERMATA_OUTBOUND_ALLOW: "${text}" is not a host, host:port, address or range`
    throw new AppError('config-invalid', message, { cause })
  }
}

function rangeEntry(text: string): Entry {
  const [base, bits] = ipaddr.parseCIDR(text)
  const matches = (address: string) => {
    const parsed = parseAddress(address)
    return parsed !== undefined && parsed.kind() === base.kind() && parsed.match([base, bits])
  }
  return { matches, byName: false, port: undefined }
}

function hostEntry(text: string): Entry {
  const [, withPort, digits] = /^(\[[^\]]*\]|[^:]*):(\d{1,5})$/.exec(text) ?? []
  const host = normalizeHost(withPort ?? text)
  if (host.lastIndexOf('*') > 0 || host === '*')
    throw new Error('A star stands only before a dot, at the beginning')
  const port = digits === undefined ? undefined : Number(digits)
  const wanted = parseAddress(host)?.toString()
  if (wanted === undefined) return { matches: (_, name) => namesMatch(host, name), byName: true, port }
  return { matches: (address) => parseAddress(address)?.toString() === wanted, byName: false, port }
}

/** `*.demo.internal` stands for every name below, not for `demo.internal` itself. */
function namesMatch(pattern: string, name: string): boolean {
  return pattern.startsWith('*.') ? name.endsWith(pattern.slice(1)) : name === pattern
}
