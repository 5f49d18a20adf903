// The limit of HTTP: a process with Node's own server that parses the body and answers at once.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const answer = JSON.stringify({ id: '1', status: 'completed', padding: 'x'.repeat(300) })

export async function startBareHttp(): Promise<{ url: string; stop(): Promise<void> }> {
  const child = fork(import.meta.filename, ['serve'])
  const [port] = (await once(child, 'message')) as [number]
  return {
    url: `http://127.0.0.1:${port}/`,
    async stop() {
      child.kill()
      await once(child, 'exit')
    },
  }
}

function serve(): void {
  const server = createServer(async (request, reply) => {
    let body = ''
    for await (const chunk of request) body += String(chunk)
    JSON.parse(body)
    reply.writeHead(201, { 'content-type': 'application/json', 'content-length': answer.length }).end(answer)
  })
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
}

if (process.argv[1] === import.meta.filename && process.argv[2] === 'serve') serve()
