// Executions of given workflows, started by the first process as fast as it takes them.
import type { Stage } from '../harness/run-chaos.ts'

const atOnce = 25

export async function startMany(
  { fleet, load }: Stage,
  count: number,
  workflowOf: (n: number) => string,
): Promise<void> {
  const [starter] = fleet.members
  let next = 0
  async function startSome(): Promise<void> {
    while (next < count) {
      const n = next++
      const workflow = workflowOf(n)
      const key = `${workflow}-${n}`
      const reply = await starter?.ask({ do: 'start', request: { workflow, inputs: { n }, dedupKey: key } })
      if (!reply || !('done' in reply)) throw new Error(`Not started: ${JSON.stringify(reply)}`)
      load.sent.starts.push({ key, execution: reply.done })
    }
  }
  await Promise.all(Array.from({ length: atOnce }, startSome))
}
