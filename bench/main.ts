// `npm run bench -- <workload> [seconds] [rounds]`: each prints our figure, the limit of this machine, their ratio.
import { benchW10 } from './w10.ts'

const workloads = { w10: benchW10 } as const

const [name = 'w10', seconds = '5', rounds = '5'] = process.argv.slice(2)
if (!Object.hasOwn(workloads, name)) {
  process.stderr.write(`No workload '${name}'. There are: ${Object.keys(workloads).join(', ')}.\n`)
  process.exit(2)
}
await workloads[name as keyof typeof workloads]({ seconds: Number(seconds), rounds: Number(rounds) })
