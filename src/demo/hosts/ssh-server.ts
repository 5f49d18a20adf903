// One simulated host as an SSH server of its own: real protocol, own host key, password sign-in, exec and shell.
import { createHash, timingSafeEqual } from 'node:crypto'
import { createServer, type Socket } from 'node:net'
import ssh2, { type AuthContext, type Connection, type ServerChannel, type Session as SshSession } from 'ssh2'
import { listen } from './listen.ts'
import { runLine } from './shell/run-line.ts'
import type { Session } from './shell/session.ts'
import { openTerminal } from './shell/terminal.ts'
import type { SimulatedHost } from './world.ts'

export interface Credentials {
  user: string
  password: string
}

export interface SshHostOptions {
  host: SimulatedHost
  /** Private host key, OpenSSH format. */
  hostKey: string
  credentials: Credentials
  /** 0 chooses a free port. A port that is taken by now is replaced by a free one. */
  port: number
  /** Multiplier of every simulated delay. */
  pace: number
  /** Called after each command line: the host may have changed. */
  onChange: () => void
}

export interface SshHost {
  port: number
  close(): Promise<void>
}

export function makeHostKey(): string {
  // About one key in three hundred that ssh2 writes it cannot read back.
  for (;;) {
    const key = ssh2.utils.generateKeyPairSync('ed25519').private
    if (!(ssh2.utils.parseKey(key) instanceof Error)) return key
  }
}

function isSame(left: string, right: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(left), digest(right))
}

function authenticate(context: AuthContext, credentials: Credentials): void {
  if (context.method !== 'password') return context.reject(['password'])
  const isUser = isSame(context.username, credentials.user)
  const isRight = isSame(context.password, credentials.password)
  if (isUser && isRight) context.accept()
  else context.reject(['password'])
}

function sessionOn(options: SshHostOptions, channel: ServerChannel, signal: AbortSignal): Session {
  return {
    host: options.host,
    user: options.credentials.user,
    variables: {},
    pace: options.pace,
    signal,
    stdout: (text) => void (channel.writable && channel.write(text)),
    stderr: (text) => void (channel.writable && channel.stderr.write(text)),
  }
}

async function execute(options: SshHostOptions, channel: ServerChannel, line: string): Promise<void> {
  const gone = new AbortController()
  channel.on('close', () => gone.abort())
  channel.on('error', () => gone.abort())
  const code = await runLine(sessionOn(options, channel, gone.signal), line)
  options.onChange()
  if (gone.signal.aborted) return
  channel.exit(code)
  channel.end()
}

function serveSession(options: SshHostOptions, session: SshSession): void {
  session.on('pty', (accept) => accept?.())
  session.on('env', (accept) => accept?.())
  session.on('window-change', (accept) => accept?.())
  session.on('signal', (accept) => accept?.())
  session.on('exec', (accept, _reject, info) => {
    void execute(options, accept(), info.command)
  })
  session.on('shell', (accept) => {
    const channel = accept()
    const gone = new AbortController()
    channel.on('close', () => gone.abort())
    openTerminal(sessionOn(options, channel, gone.signal), channel, options.onChange)
  })
}

function serve(options: SshHostOptions, connection: Connection): void {
  connection.on('authentication', (context) => authenticate(context, options.credentials))
  connection.on('session', (accept) => serveSession(options, accept()))
  // A client that goes away in the middle is its own affair.
  connection.on('error', () => undefined)
}

export async function startSshHost(options: SshHostOptions): Promise<SshHost> {
  const sockets = new Set<Socket>()
  const config = { hostKeys: [options.hostKey], ident: 'OpenSSH_9.6' }
  const protocol = new ssh2.Server(config, (connection) => serve(options, connection))
  // Its own listener would leave Nagle's algorithm on: 40 ms for every message of the handshake.
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    protocol.injectSocket(socket)
  })
  const port = await listen(server, options.port)
  server.on('error', () => undefined)
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      for (const socket of sockets) socket.destroySoon()
    })
  return { port, close }
}
