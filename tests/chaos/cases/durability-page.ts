// The page on durability, made from the lines that runs of the chaos tests leave behind.
import { existsSync, readFileSync } from 'node:fs'
import { allCases } from './all-cases.ts'
import { type BackEnd, backEnds } from './chaos-case.ts'

export interface DurabilityResult {
  at: string
  commit: string
  machine: { cpus: number; cpu: string; memoryGb: number; os: string; node: string; postgres: string }
  test: string
  backEnd: BackEnd
  seed: number
  units: number
  kills: number
  /** Kills, cuts, restarts: what the test does. */
  faults: number
  executions: number
  transitions: number
  violations: number
  worstRecoveryMs: number
  seconds: number
}

export function readDurability(file: string): DurabilityResult[] {
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean)
  return lines.map((line) => JSON.parse(line) as DurabilityResult)
}

const sum = (results: readonly DurabilityResult[], read: (result: DurabilityResult) => number): number =>
  results.reduce((total, result) => total + read(result), 0)

const figure = (value: number): string => value.toLocaleString('en')

/** Those after the last one that showed a violation: what the present state of things has stood. */
function sinceLastViolation(results: readonly DurabilityResult[]): DurabilityResult[] {
  return results.slice(results.findLastIndex(({ violations }) => violations > 0) + 1)
}

function rowOf(id: string, backEnd: BackEnd, results: readonly DurabilityResult[]): string[] {
  const own = results.filter((result) => result.test === id && result.backEnd === backEnd)
  if (own.length === 0) return []
  const clean = sinceLastViolation(own)
  const title = allCases.find((one) => one.id === id)?.title ?? ''
  const worst = Math.max(0, ...clean.map(({ worstRecoveryMs }) => worstRecoveryMs))
  const cells = [
    `${id} ${title}`,
    String(backEnds[backEnd]),
    figure(sum(own, ({ faults }) => faults)),
    figure(sum(own, ({ violations }) => violations)),
    figure(sum(clean, ({ faults }) => faults)),
    figure(sum(clean, ({ kills }) => kills)),
    figure(sum(clean, ({ executions }) => executions)),
    figure(sum(clean, ({ transitions }) => transitions)),
    clean.length === 0 || worst === 0 ? '–' : `${(worst / 1000).toFixed(1)} s`,
  ]
  return [`| ${cells.join(' | ')} |`]
}

function machines(results: readonly DurabilityResult[]): string[] {
  const all = results.map(({ machine: { cpus, cpu, memoryGb, os, node, postgres } }) => {
    return `${cpus} × ${cpu}, ${memoryGb} GB, ${os}, Node ${node}, PostgreSQL ${postgres}`
  })
  return [...new Set(all)].map((text) => `- ${text}`)
}

function table(results: readonly DurabilityResult[]): string[] {
  const ids = [...new Set([...allCases.map(({ id }) => id), ...results.map(({ test }) => test)])]
  const names = Object.keys(backEnds) as BackEnd[]
  return [
    '| test | processes | faults in all | violations in all | faults since the last | of them kills | executions | transitions checked | worst recovery |',
    '|---|---|---|---|---|---|---|---|---|',
    ...ids.flatMap((id) => names.flatMap((backEnd) => rowOf(id, backEnd, results))),
  ]
}

/** What the random kills have shown of each state of the code, the newest first. */
function commits(results: readonly DurabilityResult[]): string[] {
  const kills = results.filter(({ test }) => test === 'R1')
  const all = [...new Set(kills.map(({ commit }) => commit))].reverse()
  const names = Object.keys(backEnds) as BackEnd[]
  return [
    '| commit | kills, 1 process | violations | kills, 3 processes | violations |',
    '|---|---|---|---|---|',
    ...all.map((commit) => {
      const cells = names.flatMap((backEnd) => {
        const own = kills.filter((result) => result.commit === commit && result.backEnd === backEnd)
        return [sum(own, (result) => result.kills), sum(own, ({ violations }) => violations)].map(figure)
      })
      return `| ${commit} | ${cells.join(' | ')} |`
    }),
  ]
}

/** What violations of random kills proved to be. */
const causes: readonly { seeds: readonly number[]; what: string }[] = [
  {
    seeds: [432042377],
    what: 'the engine: an execution read anew while the config of a node was resolved gave the index of an item for the item',
  },
  {
    seeds: [950874617, 367857560],
    what: 'the model: items that first began in the repetition of a loop were counted to the attempt before',
  },
  {
    seeds: [242667738],
    what: 'the model: a container that failed was taken to have timed out when its failure was accepted',
  },
]

function found(): string[] {
  return [
    'The last violations proved to be mistakes of:',
    '',
    ...causes.map(({ seeds, what }) => `- ${what} (seed ${seeds.join(', ')})`),
    '',
  ]
}

export function durabilityPage(results: readonly DurabilityResult[]): string {
  return `${[
    '# Durability',
    '',
    'Made by `npm run test:chaos -- --page` from `bench/results/durability.jsonl`; do not edit by hand.',
    '',
    ...promise,
    ...table(results),
    '',
    ...reading,
    ...found(),
    '## Random kills by commit',
    '',
    ...commits(results),
    '',
    ...where,
    ...machines(results),
    '',
    ...again,
  ].join('\n')}\n`
}

const promise = [
  'Every transition of an execution is recorded exactly once. Every effect outside happens at least once under one',
  'idempotency key, and again only after its process died or was taken for dead; effects that are not idempotent are never',
  'repeated silently. These tests try to prove the opposite: random workflows run under load while processes, connections',
  'and the database are taken away, and afterwards a model that shares no code with the engine, the log of every',
  'transition, the history of every claim and a ledger of every outside call must agree.',
  '',
]

const reading = [
  'A violation of any kind counts, also one that proved to be a mistake of the model; each was looked into and mended. The',
  'columns behind the second count only what came after the last one. Recovery is the time from a kill until everything the',
  'process held was in other hands; the machine was shared with other work at the time. No failure in N independent kills',
  'bounds the chance of one per kill at about 3/N (95 %).',
  '',
]

const where = [
  'Limits of the proof: one host, no power cut of the disk, no network partition between hosts.',
  '',
  'Machines:',
  '',
]

const again = [
  '## Run it',
  '',
  '- `npm test` runs a small size of each test.',
  '- `npm run test:chaos` runs the full size in chunks; interrupted, it goes on where it was. `-- --night` runs the long one.',
  '- `npm run test:chaos -- --only R1 --back-end three --seed 123 --units 60` runs one chunk with the workflows, inputs and',
  '  fault schedule of that seed. Two runs of one seed do the same things; what meets what is up to the machine.',
  '- On a violation the seed, all rows of the execution, the history of its claims and its ledger lines are printed.',
]
