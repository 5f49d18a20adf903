// A process that owns an embedded database until it is told to stop, or is killed: argv = dataDir [elsewhere].
import { startEmbedded } from '../../src/store/embedded.ts'

const [dataDir = '', elsewhere] = process.argv.slice(2)
const options = {
  dataDir,
  address: 'http://127.0.0.1:7070',
  ...(elsewhere ? { elsewhere: [elsewhere] } : {}),
}
const embedded = await startEmbedded(options)
process.on('SIGTERM', () => void embedded.stop().then(() => process.exit(0)))
const keepAlive = setInterval(() => undefined, 60_000)
keepAlive.ref()
process.stdout.write(`${JSON.stringify({ config: embedded.config, dataDir: embedded.dataDir })}\n`)
