// Turns a host into addresses that may be connected to. What is returned here is what is connected to: a name
// that answers differently a moment later (DNS rebinding) gains nothing.
import { lookup as systemLookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { AppError } from '../../core/errors.ts'
import { type AddressKind, classifyAddress, isForbidden, isMetadataName } from './address-policy.ts'
import type { AllowList, Destination } from './allow-list.ts'
import { normalizeHost } from './host-name.ts'

/** All addresses of a name. */
export type Lookup = (host: string) => Promise<readonly string[]>

export interface Checked extends Destination {
  addresses: readonly string[]
}

export const lookupAll: Lookup = async (host) =>
  (await systemLookup(host, { all: true })).map(({ address }) => address)

/** Throws `outbound-refused` when any address of the host is forbidden; errors of the resolver as they are. */
export async function checkDestination(
  to: Destination,
  { allow, lookup }: { allow: AllowList; lookup: Lookup },
): Promise<Checked> {
  const destination = { host: normalizeHost(to.host), port: checkPort(to.port) }
  const { host } = destination
  const isNamed = allow.allowsHost(destination)
  if (!isNamed && isMetadataName(host)) throw refusal(destination, 'metadata')
  const addresses = isIP(host) ? [host] : await lookup(host)
  if (addresses.length === 0) throw Object.assign(new Error(`${host} has no address`), { code: 'ENOTFOUND' })
  for (const address of isNamed ? [] : addresses) {
    const kind = classifyAddress(address)
    if (isForbidden(kind) && !allow.allowsAddress(address, destination)) {
      throw refusal(destination, kind, address)
    }
  }
  return { ...destination, addresses }
}

function checkPort(port: number): number {
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port
  throw new AppError('bad-request', `${port} is not a port`)
}

const described: Record<AddressKind, string> = {
  public: 'a public address',
  private: 'a private address',
  loopback: 'this machine itself (loopback)',
  'link-local': 'a link-local address',
  metadata: 'a metadata service',
  multicast: 'a multicast address',
  unspecified: 'an unspecified address',
  reserved: 'a reserved address',
}

function refusal({ host, port }: Destination, kind: AddressKind, address = host): AppError {
  const what = address === host ? host : `${host} (${address})`
  const entry = `${host.includes(':') ? `[${host}]` : host}:${port}`
  return new AppError(
    'outbound-refused',
    `${what} is ${described[kind]}, which workflows may not call. An administrator can allow it with FERMATA_OUTBOUND_ALLOW=${entry}`,
  )
}
