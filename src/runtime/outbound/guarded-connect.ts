// A TCP connection to a checked address.
import { connect, type LookupFunction, type Socket } from 'node:net'
import { AppError } from '../../core/errors.ts'
import type { AllowList, Destination } from './allow-list.ts'
import { type Checked, checkDestination, type Lookup } from './check-destination.ts'

export interface Guard {
  allow: AllowList
  lookup: Lookup
  connectTimeoutMs: number
}

/**
 * A connected socket. Throws `outbound-refused`; an Error with code `ETIMEDOUT` when nobody answers; whatever
 * the system says (`ECONNREFUSED` …); the reason of `signal`.
 */
export async function guardedConnect(guard: Guard, to: Destination, signal: AbortSignal): Promise<Socket> {
  signal.throwIfAborted()
  const checked = await orAborted(checkDestination(to, guard), signal)
  const socket = await dial(checked, guard.connectTimeoutMs, signal)
  // Belt and braces: the peer must be one of those that were checked.
  const peer = socket.remoteAddress
  if (
    peer === undefined ||
    !checked.addresses.some((address) => withoutZone(address) === withoutZone(peer))
  ) {
    socket.destroy()
    throw new AppError(
      'outbound-refused',
      `${checked.host} led to ${peer ?? 'nowhere'}, which was not checked`,
    )
  }
  return socket
}

function dial(checked: Checked, timeoutMs: number, signal: AbortSignal): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>()
  const { host, port, addresses } = checked
  const [only] = addresses
  const socket = connect({
    // A lookup function is not called for a literal address, which is its own answer.
    host: addresses.length === 1 && only !== undefined ? only : host,
    port,
    lookup: pinnedTo(addresses),
    autoSelectFamily: true,
  })
  const giveUp = (error: unknown) => {
    socket.destroy()
    reject(error)
  }
  const abort = () => giveUp(signal.reason)
  const timer = setTimeout(() => {
    giveUp(Object.assign(new Error(`${host}:${port} did not answer in time`), { code: 'ETIMEDOUT' }))
  }, timeoutMs)
  signal.addEventListener('abort', abort, { once: true })
  socket.once('connect', () => resolve(socket)).once('error', giveUp)
  return promise.finally(() => {
    clearTimeout(timer)
    signal.removeEventListener('abort', abort)
    socket.removeListener('error', giveUp)
  })
}

/** Answers what was checked, whatever is asked. */
function pinnedTo(addresses: readonly string[]): LookupFunction {
  const all = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
  return (_, options, callback) => {
    const [first] = all
    if (options.all) callback(null, all)
    else callback(null, first?.address ?? '', first?.family)
  }
}

async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const abort = () => reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([work, promise])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

function withoutZone(address: string): string {
  return address.replace(/%.*$/, '')
}
