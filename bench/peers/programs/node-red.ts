// Node-RED: http in, ten function nodes, http response; nothing is stored.
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pad } from '../../run/documents.ts'
import { freePorts } from '../free-ports.ts'
import { openClient, waitUntil } from '../http-client.ts'
import { serve } from '../program.ts'
import { stopServer } from '../stop-server.ts'

function flow(): object[] {
  const func = 'msg.payload = { i: msg.payload.i + 1, pad: msg.payload.pad }; return msg;'
  const node = { z: 'tab' }
  const functions = Array.from({ length: 10 }, (_, n) => ({
    ...node,
    ...{ id: `n${n}`, type: 'function', func, outputs: 1, initialize: '', finalize: '', libs: [] },
    wires: [[n === 9 ? 'out' : `n${n + 1}`]],
  }))
  return [
    { id: 'tab', type: 'tab', label: 'W10', disabled: false },
    { ...node, id: 'in', type: 'http in', url: '/w10', method: 'post', wires: [['n0']] },
    ...functions,
    { ...node, id: 'out', type: 'http response', statusCode: '', headers: {}, wires: [] },
  ]
}

serve(async (place) => {
  const [port] = await freePorts(1)
  const settings = {
    uiHost: '127.0.0.1',
    uiPort: port,
    userDir: place.scratch,
    flowFile: 'flows.json',
    disableEditor: true,
    telemetry: { enabled: false, updateNotification: false },
    logging: { console: { level: 'warn', metrics: false, audit: false } },
  }
  writeFileSync(join(place.scratch, 'flows.json'), JSON.stringify(flow()))
  writeFileSync(join(place.scratch, 'settings.js'), `module.exports = ${JSON.stringify(settings)}`)
  const main = join(place.install, 'node_modules/node-red/red.js')
  const server = spawn(process.execPath, [main, '--settings', join(place.scratch, 'settings.js')], {
    stdio: 'inherit',
    cwd: place.scratch,
  })
  const client = openClient(`http://127.0.0.1:${port}`)
  const w10 = async (i: number) => (await client.post<{ i: number }>('/w10', { i, pad })).i
  await waitUntil(() => w10(0), server)
  return {
    works: { w10 },
    async close() {
      await client.close()
      await stopServer(server)
    },
  }
})
