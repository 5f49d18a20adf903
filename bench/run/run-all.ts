// Every workload, each in a process of its own so that none inherits the heap of another; then the table of all bars.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { listWorkloads } from './find-workloads.ts'
import { isFailed, judgeAll, printBars } from './print.ts'
import { appendResult, barsOf, readResults } from './results.ts'
import type { BenchOptions } from './workload.ts'

/** Returns the exit code: 1 if a bar is not met. The results are kept in `file`, if one is given. */
export async function runAll(options: BenchOptions, file?: string): Promise<number> {
  const session = new Date().toISOString()
  const folder = mkdtempSync(join(tmpdir(), 'fermata-results-'))
  try {
    const own = join(folder, 'speed.jsonl')
    for (const name of listWorkloads()) await runApart(name, options, { session, own })
    const results = readResults(own)
    if (file) for (const result of results) appendResult(file, result)
    const judged = judgeAll(barsOf(results))
    process.stdout.write(`${printBars(judged)}`)
    return judged.some(isFailed) ? 1 : 0
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A workload that breaks is seen by its bars, which then are not measured. */
function runApart(
  name: string,
  { seconds, rounds, quick }: BenchOptions,
  { session, own }: { session: string; own: string },
): Promise<void> {
  const started = performance.now()
  const main = join(import.meta.dirname, '../main.ts')
  const args = [
    ...process.execArgv,
    main,
    name,
    `${seconds}`,
    `${rounds}`,
    '--session',
    session,
    '--results',
    own,
  ]
  const child = spawn(process.execPath, quick ? [...args, '--quick'] : args, { stdio: 'inherit' })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', () => {
      process.stdout.write(`(${name}: ${Math.round((performance.now() - started) / 1000)} s)\n\n`)
      resolve()
    })
  })
}
