// One run of a chaos test: a database, a ledger, engines and load; the test brings its faults; the oracle judges.
import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { publish } from '../../helpers/engine.ts'
import type { StubDocument } from './document-shape.ts'
import { type Fleet, type FleetOptions, openFleet } from './fleet.ts'
import { generateWorkflow } from './generator.ts'
import type { ChaosDatabase, Ground } from './ground.ts'
import { type Ledger, openLedger } from './ledger.ts'
import { type Load, openLoad, untilQuiet } from './load.ts'
import { type Judgement, judge } from './oracle.ts'
import { type Random, seeded } from './random.ts'
import { worstRecoveryMs } from './recovery.ts'
import { historyOf } from './transitions.ts'

export interface Stage {
  ground: Ground
  database: ChaosDatabase
  fleet: Fleet
  load: Load
  ledger: Ledger
  random: Random
}

export interface ChaosOptions {
  seed: number
  /** Engine processes. */
  processes: number
  workflows?: number
  fleet?: Partial<FleetOptions>
  /** Documents instead of generated ones. */
  documents?: readonly StubDocument[]
  /** Where the engines find the database; default: directly. */
  url?(database: ChaosDatabase): Promise<string>
}

export interface Outcome extends Judgement {
  seed: number
  kills: number
  worstRecoveryMs: number
  seconds: number
  /** Errors the engines logged. */
  complaints: string[]
}

const times = { beatMs: 200, deadAfterMs: 1500 }

/** `faults` starts load and does harm, and says what went wrong by itself; what it leaves running is let come to rest. */
export async function runChaos(
  ground: Ground,
  options: ChaosOptions,
  faults: (stage: Stage) => Promise<readonly string[]>,
): Promise<Outcome> {
  const startedAt = performance.now()
  const { seed, processes } = options
  const random = seeded(seed)
  const database = await ground.createDatabase()
  const ledger = await openLedger(await mkdtemp(join(ground.folder, 'ledgers', 'l-')))
  const documents = options.documents ?? generateDocuments(seed, options.workflows ?? 30)
  for (const document of documents) await publish(database.pool, document as never)
  const url = (await options.url?.(database)) ?? database.url
  const fleet = openFleet({
    url,
    ledger: ledger.url,
    ...times,
    concurrency: 20,
    size: processes,
    ...options.fleet,
  })
  const mains = documents.filter(({ kind }) => kind === 'main').map(({ key }) => key)
  const load = openLoad({ pool: database.pool, fleet, random: random.fork('load'), workflows: mains })
  try {
    await Promise.all(fleet.members.map((_, place) => fleet.fill(place)))
    const problems = await faults({ ground, database, fleet, load, ledger, random: random.fork('faults') })
    const isQuiet = await untilQuiet(database.pool, load)
    load.stop()
    const lines = ledger.read()
    const byKey = new Map(documents.map((document) => [document.key, document]))
    const judgement = await judge({ pool: database.pool, lines, documents: byKey, sent: load.sent })
    if (!isQuiet) judgement.violations.push({ rule: 'I10', execution: '', what: 'nothing moves any more' })
    for (const what of fleet.deaths) judgement.violations.push({ rule: 'R', execution: '', what })
    for (const what of [...load.refusals, ...problems])
      judgement.violations.push({ rule: 'R', execution: '', what })
    const outcome = {
      ...judgement,
      seed,
      kills: fleet.kills.length,
      worstRecoveryMs: await worstRecoveryMs(database.pool, fleet.kills),
      seconds: Math.round((performance.now() - startedAt) / 1000),
      complaints: fleet.complaints,
    }
    if (outcome.violations.length > 0) await explainViolations({ database, ledger }, outcome)
    return outcome
  } finally {
    load.stop()
    await fleet.close()
    await ledger.close()
    await database.drop()
  }
}

/** So many workflows that call effects, and the sub-workflows they use. */
export function generateDocuments(seed: number, count: number): StubDocument[] {
  return Array.from({ length: count }, (_, n) => generateWorkflow(`w${n}`, seed)).flatMap(({ main, sub }) => [
    sub,
    main,
  ])
}

const mostExplained = 3

/** Everything that is known of the first executions that went wrong. */
async function explainViolations(of: Pick<Stage, 'database' | 'ledger'>, outcome: Outcome): Promise<void> {
  console.error(`Seed ${outcome.seed}: ${outcome.violations.length} violations`)
  for (const { rule, execution, what } of outcome.violations) console.error(`${rule} ${execution} ${what}`)
  const executions = [...new Set(outcome.violations.map(({ execution }) => execution).filter(Boolean))]
  for (const execution of executions.slice(0, mostExplained)) {
    console.error(`==== execution ${execution}, seed ${outcome.seed}`)
    console.error(await historyOf(of.database.pool, execution))
    console.error('-- ledger')
    const lines = of.ledger.read().filter((line) => line.execution === execution)
    for (const line of lines) console.error(JSON.stringify(line))
  }
}
