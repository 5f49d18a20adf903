// Workloads are found by listing their folder: a new file is all it takes.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Workload } from './workload.ts'

const folder = join(import.meta.dirname, '../workloads')

export function listWorkloads(): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => name.slice(0, -'.ts'.length))
    .sort()
}

export async function loadWorkload(name: string): Promise<Workload> {
  const url = pathToFileURL(join(folder, `${name}.ts`)).href
  const { workload } = (await import(url)) as { workload?: Workload }
  if (!workload) throw new Error(`bench/workloads/${name}.ts exports no workload`)
  return workload
}
