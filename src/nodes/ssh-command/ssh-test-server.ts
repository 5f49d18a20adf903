// For the tests: a real SSH server that runs commands in a real shell of this machine.
import { type ChildProcess, spawn } from 'node:child_process'
import { createServer, type Socket } from 'node:net'
import ssh2, { type AuthContext, type Connection, type ServerChannel, type Session } from 'ssh2'

export interface TestServer {
  port: number
  /** Commands received, in order. */
  commands: string[]
  /** Closes every connection, as a host that dies would. */
  drop(): void
  close(): Promise<void>
}

/** A key pair that `ssh2` can read back: about one in three hundred it cannot. */
export function makeKey(): { private: string; public: string } {
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync('ed25519')
    if (!(ssh2.utils.parseKey(pair.private) instanceof Error)) return pair
  }
}

export const password = 'right password'

/** Lets in `operator` with the password or the key. The command `refuse` is not run. */
export async function startTestServer(hostKey: string, userKey: string): Promise<TestServer> {
  const commands: string[] = []
  const sockets = new Set<Socket>()
  const children = new Set<ChildProcess>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.setNoDelay(true)
    socket.once('close', () => sockets.delete(socket))
    const host = new ssh2.Server({ hostKeys: [hostKey] }, (client) => welcome(client, userKey, execute))
    host.injectSocket(socket)
  })
  const execute = (command: string, channel: ServerChannel) => {
    commands.push(command)
    const child = spawn('/bin/sh', ['-c', command], { env: {} })
    children.add(child)
    channel.pipe(child.stdin)
    child.stdin.on('error', () => undefined)
    child.stdout.pipe(channel, { end: false })
    child.stderr.pipe(channel.stderr, { end: false })
    channel.once('close', () => child.kill('SIGKILL'))
    child.once('close', (code, signal) => {
      children.delete(child)
      if (signal) channel.exit(signal.replace('SIG', ''), false, '')
      else channel.exit(code ?? 0)
      channel.end()
    })
  }
  const drop = () => {
    for (const socket of sockets) socket.destroy()
    for (const child of children) child.kill('SIGKILL')
  }
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port))
  })
  return {
    port,
    commands,
    drop,
    close() {
      drop()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

type Execute = (command: string, channel: ServerChannel) => void

function welcome(client: Connection, userKey: string, execute: Execute): void {
  client.on('error', () => undefined)
  client.on('authentication', (context) => authenticate(context, userKey))
  client.on('session', (accept) => {
    const session: Session = accept()
    session.on('signal', (acceptSignal) => acceptSignal?.())
    session.on('exec', (acceptExec, rejectExec, info) => {
      if (info.command === 'refuse') rejectExec()
      else execute(info.command, acceptExec())
    })
  })
}

function authenticate(context: AuthContext, userKey: string): void {
  const methods: ('password' | 'publickey')[] = ['password', 'publickey']
  const isRight = context.method === 'password' && context.password === password
  if (context.username !== 'operator' || !(isRight || isKey(context, userKey))) return context.reject(methods)
  context.accept()
}

function isKey(context: AuthContext, userKey: string): boolean {
  if (context.method !== 'publickey') return false
  const known = ssh2.utils.parseKey(userKey)
  if (known instanceof Error || !known.getPublicSSH().equals(context.key.data)) return false
  if (!context.signature || !context.blob) return true
  return known.verify(context.blob, context.signature, context.hashAlgo) === true
}
