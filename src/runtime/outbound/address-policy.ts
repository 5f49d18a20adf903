// What kind of address this is, and whether workflows may call it. Private networks are what the product is
// for; this machine itself, link-local and metadata services are not.
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import { unwrapAddress } from './embedded-ipv4.ts'

export type AddressKind =
  | 'public'
  | 'private'
  | 'loopback'
  | 'link-local'
  | 'metadata'
  | 'multicast'
  | 'unspecified'
  | 'reserved'

const metadataAddresses = new Set([
  '169.254.169.254',
  '169.254.170.2',
  '169.254.170.23',
  // Azure, Alibaba, Oracle
  '168.63.129.16',
  '100.100.100.200',
  '192.0.0.192',
  // Amazon, Google
  'fd00:ec2::254',
  'fd00:ec2::23',
  'fd20:ce::254',
])

const metadataNames = new Set([
  'metadata',
  'metadata.google.internal',
  'metadata.goog',
  'metadata.azure.internal',
  'instance-data',
  'instance-data.ec2.internal',
])

const kinds: Record<string, AddressKind> = {
  unicast: 'public',
  private: 'private',
  uniqueLocal: 'private',
  loopback: 'loopback',
  linkLocal: 'link-local',
  deprecatedSiteLocal: 'link-local',
  multicast: 'multicast',
  broadcast: 'multicast',
  unspecified: 'unspecified',
}

/** `address`: as the resolver gives it, an IPv6 zone (`%eth0`) included. */
export function classifyAddress(address: string): AddressKind {
  const parsed = parseAddress(address)
  if (!parsed) return 'reserved'
  const plain = parsed.toString().replace(/%.*$/, '')
  if (metadataAddresses.has(plain)) return 'metadata'
  return kinds[parsed.range()] ?? 'reserved'
}

/** Unwrapped; undefined for what is not written as the resolver writes addresses. */
export function parseAddress(address: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  return isIP(address) === 0 ? undefined : unwrapAddress(ipaddr.parse(address))
}

/** Names of metadata services, wherever they point. `host` is normalised. */
export function isMetadataName(host: string): boolean {
  return metadataNames.has(host)
}

/** Refused unless the operator allows it. */
export function isForbidden(kind: AddressKind): boolean {
  return kind !== 'public' && kind !== 'private'
}
