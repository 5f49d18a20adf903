// n8n: a webhook, ten Set nodes, the last one's item as the answer; on PostgreSQL, every execution saved.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { pad } from '../../run/documents.ts'
import { freePorts } from '../free-ports.ts'
import { type HttpClient, openClient, waitUntil } from '../http-client.ts'
import { serve } from '../program.ts'
import type { Place } from '../protocol.ts'
import { stopServer } from '../stop-server.ts'

serve(async (place) => {
  const [port, broker, runner] = await freePorts(3)
  const server = spawn(process.execPath, [join(place.install, 'node_modules/n8n/bin/n8n'), 'start'], {
    stdio: 'inherit',
    cwd: place.scratch,
    env: { ...process.env, ...settings(place, [port, broker, runner].map(String)) },
  })
  const origin = `http://127.0.0.1:${port}`
  const visitor = openClient(origin)
  const cookie = await waitUntil(() => becomeOwner(visitor), server)
  await visitor.close()
  const owner = openClient(origin, { cookie })
  await publish(owner)
  await owner.close()
  const client = openClient(origin)
  const w10 = async (i: number) => (await client.post<{ i: number }>('/webhook/w10', { i, pad })).i
  await waitUntil(() => w10(0), server)
  return {
    works: { w10 },
    async close() {
      await client.close()
      await stopServer(server)
    },
  }
})

/** Its defaults, but for where things are, what it tells its makers, and that nothing is thrown away. */
function settings(
  place: Place,
  [port = '', broker = '', runner = '']: readonly string[],
): Record<string, string> {
  const { username, password, pathname, searchParams, port: databasePort } = new URL(place.databaseUrl)
  return {
    N8N_USER_FOLDER: place.scratch,
    N8N_LISTEN_ADDRESS: '127.0.0.1',
    N8N_PORT: port,
    N8N_RUNNERS_BROKER_PORT: broker,
    N8N_RUNNERS_LAUNCHER_HEALTH_CHECK_PORT: runner,
    DB_TYPE: 'postgresdb',
    DB_POSTGRESDB_HOST: searchParams.get('host') ?? '127.0.0.1',
    DB_POSTGRESDB_PORT: databasePort,
    DB_POSTGRESDB_DATABASE: pathname.slice(1),
    DB_POSTGRESDB_USER: username,
    DB_POSTGRESDB_PASSWORD: password,
    DB_POSTGRESDB_POOL_SIZE: '10',
    EXECUTIONS_DATA_SAVE_ON_SUCCESS: 'all',
    EXECUTIONS_DATA_PRUNE: 'false',
    N8N_DIAGNOSTICS_ENABLED: 'false',
    N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
    N8N_TEMPLATES_ENABLED: 'false',
    N8N_PERSONALIZATION_ENABLED: 'false',
    N8N_SECURE_COOKIE: 'false',
    N8N_LOG_LEVEL: 'warn',
  }
}

async function becomeOwner(visitor: HttpClient): Promise<string> {
  const { cookies } = await visitor.send('POST', '/rest/owner/setup', {
    email: 'bench@example.com',
    firstName: 'Bench',
    lastName: 'Bench',
    password: 'OfTheBenchOnly1',
  })
  if (cookies.length === 0) throw new Error('n8n is not ready')
  return cookies.map((each) => each.split(';')[0]).join('; ')
}

async function publish(owner: HttpClient): Promise<void> {
  const { data } = await owner.post<{ data: { id: string; versionId: string } }>(
    '/rest/workflows',
    document(),
  )
  await owner.post(`/rest/workflows/${data.id}/activate`, { versionId: data.versionId })
}

function document(): object {
  const webhook = {
    ...{ id: 'in', name: 'in', type: 'n8n-nodes-base.webhook', typeVersion: 2, webhookId: 'w10' },
    parameters: { httpMethod: 'POST', path: 'w10', responseMode: 'lastNode', options: {} },
  }
  const sets = Array.from({ length: 10 }, (_, n) => {
    const before = n === 0 ? '$json.body' : '$json'
    const assignments = [
      { id: `i${n}`, name: 'i', type: 'number', value: `={{ ${before}.i + 1 }}` },
      { id: `p${n}`, name: 'pad', type: 'string', value: `={{ ${before}.pad }}` },
    ]
    const parameters = { assignments: { assignments }, options: {} }
    return { id: `n${n}`, name: `n${n}`, type: 'n8n-nodes-base.set', typeVersion: 3.4, parameters }
  })
  const nodes = [webhook, ...sets].map((node, n) => ({ ...node, position: [n * 200, 0] }))
  const links = nodes.slice(1).map((node, n) => {
    const to = { node: node.name, type: 'main', index: 0 }
    return [nodes[n]?.name, { main: [[to]] }]
  })
  return { name: 'W10', nodes, connections: Object.fromEntries(links), settings: { executionOrder: 'v1' } }
}
