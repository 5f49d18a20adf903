import { parseArgs } from 'node:util'
import { benchPeers } from './bench-peers.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string', default: '4' }, pairs: { type: 'string', default: '5' } },
})
await benchPeers(positionals, { seconds: Number(values.seconds), pairs: Number(values.pairs) })
