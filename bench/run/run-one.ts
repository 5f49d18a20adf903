import { loadWorkload } from './find-workloads.ts'
import { printSection } from './print.ts'
import { appendResult, describeMachine, type Result } from './results.ts'
import type { BenchOptions } from './workload.ts'

/** Runs a workload in this process and prints its tables; the result goes to the file too, if one is given. */
export async function runOne(
  name: string,
  options: BenchOptions,
  { session, file }: { session: string; file?: string },
): Promise<Result> {
  const workload = await loadWorkload(name)
  const at = new Date().toISOString()
  const sections = await workload.run(options)
  for (const section of sections) process.stdout.write(`${printSection(section)}\n`)
  const result: Result = {
    session,
    at,
    workload: name,
    ...options,
    machine: await describeMachine(),
    sections,
  }
  if (file) appendResult(file, result)
  return result
}
