// Another process of this machine may run the simulated hosts already: then they are used, not started again.
import { type DemoHosts, type DemoHostsState, placesOf } from './start-demo-hosts.ts'

// A busy machine answers late. To start the hosts a second time would take them from whoever works with them.
const patienceMs = 10_000

/** Undefined when nobody, or somebody else, listens where the state says. */
export async function joinDemoHosts(state: DemoHostsState): Promise<DemoHosts | undefined> {
  try {
    const url = `http://127.0.0.1:${state.httpPort}/about`
    const answer = await fetch(url, { signal: AbortSignal.timeout(patienceMs) })
    const { demo } = (await answer.json()) as { demo?: unknown }
    return demo === state.world.id ? { ...placesOf(state), close: async () => undefined } : undefined
  } catch {
    return undefined
  }
}
