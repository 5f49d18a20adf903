// `npm run bench -- <workload> [seconds] [rounds] [part…]` measures one, `all` everything, `list` tells what there is;
// `--record` keeps the results and writes the pages about them, `pages` only writes these.
import { parseArgs } from 'node:util'
import type { BarId } from './run/bars.ts'
import { listWorkloads, loadWorkload } from './run/find-workloads.ts'
import { isFailed, judge } from './run/print.ts'
import { barsOf, resultsFile } from './run/results.ts'
import { runAll } from './run/run-all.ts'
import { runOne } from './run/run-one.ts'
import { writePages } from './run/write-pages.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    record: { type: 'boolean', default: false },
    /** For `all`, which runs each workload in a process of its own. */
    results: { type: 'string' },
    session: { type: 'string' },
  },
})
const [name = 'list', ...rest] = positionals
const [seconds, rounds] = rest.filter((text) => Number(text) > 0)
const only = rest.filter((text) => !(Number(text) > 0))
const { quick } = values
const options = {
  // Three seconds keep all of it near twenty minutes.
  seconds: Number(seconds ?? (quick ? 1 : name === 'all' ? 3 : 5)),
  rounds: Number(rounds ?? (quick ? 1 : 5)),
  quick,
  ...(only.length > 0 ? { only } : {}),
}
const file = values.results ?? (values.record ? resultsFile : undefined)

if (name === 'pages') {
  writePages()
} else if (name === 'all') {
  process.exitCode = await runAll(options, file)
} else if (listWorkloads().includes(name)) {
  const session = values.session ?? new Date().toISOString()
  const result = await runOne(name, options, { session, ...(file ? { file } : {}) })
  const judged = Object.entries(barsOf([result])).map(([id, figure]) => judge(id as BarId, figure))
  if (judged.some(isFailed)) process.exitCode = 1
} else {
  if (name !== 'list') process.exitCode = 2
  for (const each of listWorkloads()) {
    process.stdout.write(`${each.padEnd(10)}${(await loadWorkload(each)).summary}\n`)
  }
}
if (values.record) writePages()
