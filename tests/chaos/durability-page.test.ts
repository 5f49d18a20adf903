import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { type DurabilityResult, durabilityPage, readDurability } from './cases/durability-page.ts'

const root = join(import.meta.dirname, '../..')

it('the page on durability is made from the results that are there', () => {
  const results = readDurability(join(root, 'bench/results/durability.jsonl'))
  expect(readFileSync(join(root, 'docs/reference/durability.md'), 'utf8')).toBe(durabilityPage(results))
})

it('counts what came after the last violation by itself', () => {
  const machine = { cpus: 2, cpu: 'a', memoryGb: 8, os: 'linux', node: '24', postgres: '18' }
  const line = {
    at: '',
    commit: '',
    machine,
    test: 'R1',
    backEnd: 'one' as const,
    seed: 1,
    units: 10,
    kills: 10,
  }
  const rest = { faults: 10, executions: 20, transitions: 1000, worstRecoveryMs: 1234, seconds: 5 }
  const results: DurabilityResult[] = [2, 0, 0].map((violations) => ({ ...line, ...rest, violations }))
  expect(durabilityPage(results)).toContain('| 1 | 30 | 2 | 20 | 20 | 40 | 2,000 | 1.2 s |')
})
