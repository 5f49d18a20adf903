// One spelling for each host: the many ways to write 127.0.0.1 must all become 127.0.0.1.
import { isIPv6 } from 'node:net'
import { AppError } from '../../core/errors.ts'

/**
 * Lower case, without brackets and final dot; numbers in any notation become a dotted address, other scripts
 * become punycode. Throws `bad-request` for what cannot be a host.
 */
export function normalizeHost(host: string): string {
  const bare = host.replace(/^\[(.*)\]$/, '$1')
  if (isIPv6(bare)) return withZone(bare)
  // Whatever ends a host in a URL would make the parser below read less than is written.
  const url = /[\s/\\?#@:[\]]/.test(host) ? null : URL.parse(`http://${host}`)
  const name = url?.hostname.replace(/\.$/, '')
  if (!name) throw new AppError('bad-request', `"${host}" is not a host`)
  return name
}

// The URL parser knows no zones.
function withZone(address: string): string {
  const [plain = '', zone] = address.split('%')
  const short = new URL(`http://[${plain}]`).hostname.slice(1, -1)
  return zone === undefined ? short : `${short}%${zone}`
}
