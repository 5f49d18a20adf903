// Fermata as its users run it: a server process of its own, executions started by POST /api/v1/executions.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { openPool } from '../../../src/store/db.ts'
import { chain, pad } from '../../run/documents.ts'
import { publish } from '../../run/engine.ts'
import { checkRuns } from '../check-runs.ts'
import { freePorts } from '../free-ports.ts'
import { openClient, waitUntil } from '../http-client.ts'
import { serve } from '../program.ts'
import { stopServer } from '../stop-server.ts'

const password = 'of-the-bench-only'

serve(async (place) => {
  const [port] = await freePorts(1)
  const main = join(import.meta.dirname, '../../../src/cli/main.ts')
  const server = spawn(process.execPath, [...process.execArgv, main, 'serve', '--empty'], {
    stdio: 'inherit',
    env: {
      ...process.env,
      PORT: `${port}`,
      DATABASE_URL: place.databaseUrl,
      FERMATA_DATA: join(place.scratch, 'data'),
      FERMATA_ADMIN_PASSWORD: password,
    },
  })
  const origin = `http://127.0.0.1:${port}`
  const secret = await waitUntil(() => makeToken(origin), server)
  const client = openClient(origin, { authorization: `Bearer ${secret}` })
  const pool = openPool({ connectionString: place.databaseUrl, max: 1 })
  await publish(pool, chain('inline', { type: 'set', nodes: 10 }))
  return {
    works: {
      async inline(i) {
        const { status } = await client.post<{ status: string }>('/api/v1/executions', {
          workflow: 'inline',
          inputs: { i, pad },
        })
        if (status !== 'completed') throw new Error(`An execution was answered ${status}`)
      },
    },
    check: checkRuns(pool),
    async close() {
      await client.close()
      await pool.close()
      await stopServer(server)
    },
  }
})

async function makeToken(origin: string): Promise<string> {
  const visitor = openClient(origin)
  const { cookies } = await visitor.send('POST', '/api/v1/session', { username: 'admin', password })
  await visitor.close()
  const cookie = cookies.map((each) => each.split(';')[0]).join('; ')
  const admin = openClient(origin, { cookie, origin })
  const { secret } = await admin.post<{ secret: string }>('/api/v1/tokens', { name: 'bench' })
  await admin.close()
  return secret
}
