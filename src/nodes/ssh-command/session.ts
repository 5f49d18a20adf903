// An authenticated SSH connection to a host whose key is known, or is met for the first time.
import { createHash } from 'node:crypto'
import ssh2, { type Client, type ConnectConfig } from 'ssh2'
import { AppError } from '../../core/errors.ts'
import { type Fail, fail } from '../../core/outcome.ts'
import type { RunContext } from '../../sdk/node-type.ts'
import type { Endpoint } from './endpoint.ts'

/** Carries the outcome of a failed connection or command to the node's `run`. */
export class SshError extends Error {
  readonly outcome: Fail
  constructor(outcome: Fail) {
    super(outcome.message)
    this.name = 'SshError'
    this.outcome = outcome
  }
}

const readyMs = 20_000

/** Rejects with SshError, or with an AppError of the outbound guard. */
export async function openSession(ctx: RunContext, endpoint: Endpoint): Promise<Client> {
  const { host, port, user } = endpoint
  const socket = await ctx.connect(host, port).catch((error: unknown) => {
    throw error instanceof AppError && error.status < 500 ? error : new SshError(unreachable(endpoint, error))
  })
  // Many small packets that wait for answers: gathering them would cost 40 ms each.
  socket.setNoDelay(true)
  // It may break before the SSH client listens to it; that is told by the client then.
  socket.on('error', () => undefined)
  const known = await ctx.knownHosts.find(host, port).catch((error: unknown) => {
    socket.destroy()
    throw error
  })
  let changed: Fail | undefined
  const client = new ssh2.Client()
  const verify = async (key: Buffer) => {
    const seen = fingerprint(key)
    if (known !== undefined) changed = known === seen ? undefined : keyChanged(endpoint, known, seen)
    else changed = await meet(ctx, endpoint, seen)
    return changed === undefined
  }
  ctx.log(`connecting to ${user}@${host}:${port}`, 'debug')
  return new Promise((resolve, reject) => {
    const give = (outcome: Fail) => {
      stopListening()
      client.destroy()
      socket.destroy()
      reject(new SshError(outcome))
    }
    const stopListening = onAbort(ctx.signal, () =>
      give(fail('error', 'ssh-connect', 'Stopped while connecting')),
    )
    client.on('error', (error: ClientError) => give(changed ?? explain(endpoint, error)))
    client.on('close', () => give(changed ?? explain(endpoint, new Error('the host closed the connection'))))
    client.once('ready', () => {
      stopListening()
      resolve(client)
    })
    attempt(
      () => client.connect({ ...settings(endpoint), sock: socket, hostVerifier: verifier(verify) }),
      (error) => give(explain(endpoint, error)),
    )
  })
}

/** Bad keys are thrown, not emitted. */
function attempt(work: () => void, failed: (error: ClientError) => void): void {
  try {
    work()
  } catch (error) {
    failed(error instanceof Error ? error : new Error(String(error)))
  }
}

function onAbort(signal: AbortSignal, listener: () => void): () => void {
  signal.addEventListener('abort', listener, { once: true })
  if (signal.aborted) queueMicrotask(listener)
  return () => signal.removeEventListener('abort', listener)
}

function settings({ user, password, privateKey, passphrase }: Endpoint): ConnectConfig {
  return {
    username: user,
    readyTimeout: readyMs,
    keepaliveInterval: 15_000,
    keepaliveCountMax: 4,
    ...(password === undefined ? {} : { password }),
    ...(privateKey === undefined ? {} : { privateKey }),
    ...(passphrase === undefined ? {} : { passphrase }),
  }
}

function verifier(verify: (key: Buffer) => Promise<boolean>) {
  return (key: Buffer, answer: (isTrusted: boolean) => void): void => {
    verify(key).then(answer, () => answer(false))
  }
}

/** As OpenSSH prints it. */
function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`
}

/** Records the key of a host met for the first time; of two that meet it at once the first decides. */
async function meet(ctx: RunContext, endpoint: Endpoint, seen: string): Promise<Fail | undefined> {
  const { host, port } = endpoint
  await ctx.knownHosts.remember(host, port, seen)
  const kept = await ctx.knownHosts.find(host, port)
  if (kept !== undefined && kept !== seen) return keyChanged(endpoint, kept, seen)
  ctx.log(`first connection to ${host}:${port}: its host key ${seen} is remembered`, 'warn')
  return undefined
}

function keyChanged({ host, port }: Endpoint, expected: string, seen: string): Fail {
  const message = `${host}:${port} showed another host key than before. If it was not set up anew, somebody may be in between. Nothing was sent.`
  return fail('error', 'host-key-changed', message, { host, port, expected, seen })
}

type ClientError = Error & { level?: string; code?: string }

function explain(endpoint: Endpoint, error: ClientError): Fail {
  const at = `${endpoint.host}:${endpoint.port}`
  const details = { host: endpoint.host, port: endpoint.port, user: endpoint.user }
  if (error.level === 'client-authentication' || /privateKey|passphrase/i.test(error.message)) {
    return fail('error', 'ssh-auth', `${at} did not let in ${endpoint.user}: ${authWords(error)}`, details)
  }
  if (error.level === 'client-timeout') {
    return fail('error', 'ssh-timeout', `${at} did not answer in time`, details)
  }
  return fail('error', 'ssh-connect', `No SSH connection to ${at}: ${error.message}`, details)
}

function authWords(error: ClientError): string {
  if (error.level !== 'client-authentication') return 'the private key cannot be read'
  return 'the password or the key was not accepted'
}

function unreachable({ host, port }: Endpoint, error: unknown): Fail {
  const { code, message } =
    error instanceof Error ? (error as ClientError) : { code: undefined, message: String(error) }
  const isTimeout = code === 'ETIMEDOUT' || /time(d)? ?out/i.test(message)
  if (isTimeout) return fail('error', 'ssh-timeout', `${host}:${port} did not answer in time`, { host, port })
  return fail('error', 'ssh-connect', `${host}:${port} cannot be reached: ${reason(code, message)}`, {
    host,
    port,
  })
}

function reason(code: string | undefined, message: string): string {
  if (code === 'ECONNREFUSED') return 'nothing listens there'
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'the host name is not known'
  return code === 'EHOSTUNREACH' || code === 'ENETUNREACH' ? 'there is no way to it' : message
}
