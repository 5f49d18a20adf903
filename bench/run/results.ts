// Results as JSON lines: one line per run of a workload, with what kind of machine it ran on.
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'
import { dirname, join } from 'node:path'
import { findPackage } from '../../src/store/embedded/binaries.ts'
import type { Measured, Section } from './workload.ts'

export const resultsFile = join(import.meta.dirname, '../results/speed.jsonl')

export interface Result {
  /** The same for all workloads of one `bench -- all`. */
  session: string
  at: string
  workload: string
  quick: boolean
  seconds: number
  rounds: number
  /** Parts of the workload, where not all of them were measured. */
  only?: readonly string[]
  machine: Machine
  sections: Section[]
}

/** What figures depend on; nothing that says whose machine it is. */
export interface Machine {
  cpus: number
  cpu: string
  memoryGb: number
  os: string
  node: string
  postgres: string
}

export async function describeMachine(): Promise<Machine> {
  const all = cpus()
  return {
    cpus: all.length,
    cpu: all[0]?.model.trim() ?? '',
    memoryGb: Math.round(totalmem() / 2 ** 30),
    os: `${process.platform} ${release().match(/^\d+\.\d+/)?.[0] ?? ''}`,
    node: process.versions.node,
    postgres: (await findPackage()).version,
  }
}

export function appendResult(file: string, result: Result): void {
  mkdirSync(dirname(file), { recursive: true })
  appendFileSync(file, `${JSON.stringify(result)}\n`)
}

export function readResults(file: string): Result[] {
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean)
  return lines.map((line) => JSON.parse(line) as Result)
}

/** What all these results say about the bars; of two figures the later one. */
export function barsOf(results: readonly Result[]): Measured {
  return Object.assign({}, ...results.flatMap(({ sections }) => sections.map(({ bars }) => bars ?? {})))
}
