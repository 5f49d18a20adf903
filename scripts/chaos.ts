// The chaos tests in chunks that can be interrupted and taken up again: npm run test:chaos -- [options].
import { execFileSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { describeMachine } from '../bench/run/results.ts'
import { allCases } from '../tests/chaos/cases/all-cases.ts'
import { type BackEnd, backEnds, type CaseOutcome, type ChaosCase } from '../tests/chaos/cases/chaos-case.ts'
import { durabilityPage, readDurability } from '../tests/chaos/cases/durability-page.ts'
import { type Ground, openGround } from '../tests/chaos/harness/ground.ts'

const root = join(import.meta.dirname, '..')
const usage = `npm run test:chaos -- [options]
  --only R1,R5         only these tests
  --back-end one       one engine process, or three; default both
  --seed 123           one chunk with this seed, to see again what it showed
  --units 50           kills, cuts or restarts in all; default the size of the tier
  --night              the long tier (T2)
  --minutes 150        begin no further chunk after so long; run again to go on
  --page               only writes docs/reference/durability.md anew
  --results FILE       where a line per chunk is added; default bench/results/durability.jsonl`

const { values: given } = parseArgs({
  options: {
    only: { type: 'string' },
    'back-end': { type: 'string' },
    seed: { type: 'string' },
    units: { type: 'string' },
    night: { type: 'boolean', default: false },
    minutes: { type: 'string' },
    results: { type: 'string', default: join(root, 'bench/results/durability.jsonl') },
    page: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

interface Chunk {
  test: string
  backEnd: BackEnd
  seed: number
  units: number
}

interface Plan {
  /** What was asked for: another wish makes another plan. */
  wish: string
  left: Chunk[]
}

const planFile = join(root, '.chaos-plan.json')
const wish = JSON.stringify([given.only, given['back-end'], given.units, given.night])

function isWanted(list: string | undefined, name: string): boolean {
  return list === undefined || list.split(',').includes(name)
}

function makePlan(): Plan {
  const tests = allCases.filter(({ id }) => isWanted(given.only, id))
  const names = (Object.keys(backEnds) as BackEnd[]).filter((name) => isWanted(given['back-end'], name))
  return { wish, left: tests.flatMap((test) => names.flatMap((backEnd) => chunksOf(test, backEnd))) }
}

function chunksOf(test: ChaosCase, backEnd: BackEnd): Chunk[] {
  const most = test.perChunk[backEnd]
  if (given.seed !== undefined) {
    return [{ test: test.id, backEnd, seed: Number(given.seed), units: Number(given.units ?? most) }]
  }
  const all = Number(given.units ?? test.units[given.night ? 'T2' : 'T1'])
  return Array.from({ length: Math.ceil(all / most) }, (_, n) => {
    return { test: test.id, backEnd, seed: randomInt(2 ** 31), units: Math.min(most, all - n * most) }
  })
}

/** What an earlier call left undone, if it was asked for the same. */
function openPlan(): Plan {
  if (given.seed === undefined && existsSync(planFile)) {
    const plan = JSON.parse(readFileSync(planFile, 'utf8')) as Plan
    if (plan.wish === wish && plan.left.length > 0) return plan
  }
  return makePlan()
}

const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root }).toString().trim()

async function addResult(chunk: Chunk, outcome: CaseOutcome): Promise<void> {
  const { kills, faults = kills, executions, transitions, worstRecoveryMs, seconds } = outcome
  const line = {
    at: new Date().toISOString(),
    commit,
    machine: await describeMachine(),
    ...chunk,
    ...{ kills, faults, executions, transitions },
    violations: outcome.violations.length,
    ...{ worstRecoveryMs, seconds },
  }
  mkdirSync(dirname(given.results), { recursive: true })
  appendFileSync(given.results, `${JSON.stringify(line)}\n`)
}

async function runChunk(ground: Ground, chunk: Chunk): Promise<boolean> {
  const { test, backEnd, seed, units } = chunk
  const found = allCases.find(({ id }) => id === test)
  if (!found) throw new Error(`There is no test ${test}`)
  process.stdout.write(`${test} ${found.title}, back end ${backEnd}, seed ${seed}, ${units} units\n`)
  const outcome = await found.run(ground, { seed, units, processes: backEnds[backEnd] })
  await addResult(chunk, outcome)
  const { kills, executions, transitions, violations, worstRecoveryMs, seconds, ends } = outcome
  process.stdout.write(
    `  ${violations.length === 0 ? '✓' : '✗'} ${kills} kills, ${executions} executions, ${transitions} transitions checked, ${violations.length} violations, worst recovery ${worstRecoveryMs} ms, ${seconds} s ${JSON.stringify(ends)}\n`,
  )
  for (const complaint of new Set(outcome.complaints))
    process.stdout.write(`  engine: ${complaint.slice(0, 500)}\n`)
  if (violations.length > 0) {
    process.stdout.write(
      `  see it again: npm run test:chaos -- --only ${test} --back-end ${backEnd} --seed ${seed} --units ${units}\n`,
    )
  }
  return violations.length === 0
}

async function main(): Promise<void> {
  const plan = openPlan()
  const until = performance.now() + Number(given.minutes ?? Number.POSITIVE_INFINITY) * 60_000
  let bad = 0
  while (plan.left[0] && performance.now() < until) {
    // A server of its own for each chunk: what one does to it does not reach the next.
    const ground = await openGround()
    try {
      if (!(await runChunk(ground, plan.left[0]))) bad++
    } finally {
      await ground.close()
    }
    plan.left.shift()
    if (given.seed === undefined) writeFileSync(planFile, JSON.stringify(plan))
  }
  if (plan.left.length === 0) rmSync(planFile, { force: true })
  else process.stdout.write(`${plan.left.length} chunks are left: run the same again to go on\n`)
  process.exitCode = bad > 0 ? 1 : 0
}

function writePage(): void {
  const page = durabilityPage(readDurability(given.results))
  writeFileSync(join(root, 'docs/reference/durability.md'), page)
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

if (given.help) process.stdout.write(`${usage}\n`)
else if (given.page) writePage()
else await main()
