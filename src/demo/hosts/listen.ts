import type { Server } from 'node:net'

async function tryPort(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.removeListener('error', reject)
      resolve()
    })
  })
}

/** Listens on loopback at the port, or at a free one when it is 0 or taken; answers the port. */
export async function listen(server: Server, port: number): Promise<number> {
  await tryPort(server, port).catch(() => tryPort(server, 0))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The demo server has no port')
  return address.port
}
