// DBOS: a workflow of ten steps, started and awaited in process, as its documentation shows.
import { pad } from '../../run/documents.ts'
import { fromInstall, serve } from '../program.ts'

interface Value {
  i: number
  pad: string
}
type Workflow = (value: Value) => Promise<Value>
interface Dbos {
  setConfig(config: Record<string, unknown>): void
  launch(): Promise<void>
  shutdown(): Promise<void>
  runStep<T>(step: () => Promise<T>, options: { name: string }): Promise<T>
  registerWorkflow(workflow: Workflow, options: { name: string }): Workflow
  startWorkflow(workflow: Workflow): (value: Value) => Promise<{ getResult(): Promise<Value> }>
  listWorkflows(filter: Record<string, unknown>): Promise<unknown[]>
}

serve(async (place) => {
  const { DBOS } = fromInstall<{ DBOS: Dbos }>(place, '@dbos-inc/dbos-sdk')
  const logger = { info() {}, debug() {}, warn: console.warn, error: console.error }
  DBOS.setConfig({
    name: 'w10',
    systemDatabaseUrl: place.databaseUrl,
    systemDatabasePoolSize: Number(process.env.PEER_POOL ?? 10),
    logger,
  })
  const w10 = DBOS.registerWorkflow(
    async (value) => {
      let at = value
      for (let n = 0; n < 10; n++) {
        const before = at
        at = await DBOS.runStep(async () => ({ i: before.i + 1, pad: before.pad }), { name: `n${n}` })
      }
      return at
    },
    { name: 'w10' },
  )
  await DBOS.launch()
  return {
    works: {
      async w10(i) {
        const handle = await DBOS.startWorkflow(w10)({ i, pad })
        return (await handle.getResult()).i
      },
    },
    close: () => DBOS.shutdown(),
  }
})
