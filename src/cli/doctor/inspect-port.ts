// Whether the server could listen, or does.
import { createServer } from 'node:net'
import type { Config } from '../../config.ts'
import type { Finding } from './finding.ts'

const about = 'port'

export async function inspectPort({ host, port }: Config, address: string | undefined): Promise<Finding> {
  if (address) return { about, level: 'good', text: `a server of this data folder answers at ${address}` }
  if (port === 0) return { about, level: 'good', text: 'any free one is taken' }
  const code = await tryPort(host, port)
  if (code === undefined) return { about, level: 'good', text: `${host}:${port} is free` }
  const why =
    code === 'EADDRINUSE'
      ? 'is used by another program; choose another with PORT'
      : `cannot be used (${code})`
  return { about, level: 'bad', text: `${host}:${port} ${why}`, details: { code } }
}

function tryPort(host: string, port: number): Promise<string | undefined> {
  const server = createServer()
  return new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    server.listen({ host, port }, () => server.close(() => resolve(undefined)))
  })
}
