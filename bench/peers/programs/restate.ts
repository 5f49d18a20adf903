// Restate: its server, and a service of ten durable steps in this process, called through the server's HTTP ingress.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pad } from '../../run/documents.ts'
import { freePorts } from '../free-ports.ts'
import { openClient, waitUntil } from '../http-client.ts'
import { fromInstall, serve } from '../program.ts'
import type { Place } from '../protocol.ts'
import { stopServer } from '../stop-server.ts'

interface Value {
  i: number
  pad: string
}
interface Context {
  run<T>(name: string, step: () => Promise<T>): Promise<T>
}
interface Sdk {
  service(definition: { name: string; handlers: Record<string, unknown> }): unknown
  createEndpointHandler(options: {
    services: unknown[]
  }): (request: Http2ServerRequest, response: Http2ServerResponse) => void
}

async function w10(context: Context, value: Value): Promise<Value> {
  let at = value
  for (let n = 0; n < 10; n++) {
    const before = at
    at = await context.run(`n${n}`, async () => ({ i: before.i + 1, pad: before.pad }))
  }
  return at
}

/** The service, where only this machine reaches it. */
async function serveSteps(place: Place): Promise<{ uri: string; close(): void }> {
  const sdk = fromInstall<Sdk>(place, '@restatedev/restate-sdk')
  const services = [sdk.service({ name: 'w10', handlers: { run: w10 } })]
  const server = createServer(sdk.createEndpointHandler({ services }))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const uri = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { uri, close: () => server.close() }
}

serve(async (place) => {
  const steps = await serveSteps(place)
  const [node, ingress, admin] = await freePorts(3)
  const binary = join(
    place.install,
    `node_modules/@restatedev/restate-server-${process.platform}-${process.arch}/bin/restate-server`,
  )
  const server = spawn(
    binary,
    ['--base-dir', join(place.scratch, 'data'), '--no-logo', '--listen-mode', 'tcp'],
    {
      stdio: 'inherit',
      env: {
        ...process.env,
        RESTATE_BIND_IP: '127.0.0.1',
        RESTATE_ADVERTISED_HOST: '127.0.0.1',
        RESTATE_BIND_PORT: `${node}`,
        RESTATE_INGRESS__BIND_PORT: `${ingress}`,
        RESTATE_ADMIN__BIND_PORT: `${admin}`,
        RESTATE_DISABLE_TELEMETRY: 'true',
        DO_NOT_TRACK: '1',
        RESTATE_LOG_FILTER: 'warn',
      },
    },
  )
  const administration = openClient(`http://127.0.0.1:${admin}`)
  await waitUntil(() => administration.post('/deployments', { uri: steps.uri }), server)
  await administration.close()
  const client = openClient(`http://127.0.0.1:${ingress}`)
  return {
    works: { w10: async (i) => (await client.post<Value>('/w10/run', { i, pad })).i },
    async close() {
      await client.close()
      await stopServer(server)
      steps.close()
    },
  }
})
