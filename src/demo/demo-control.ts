// What the application may ask of the demo world of this process.
import type { DemoHosts } from './hosts/start-demo-hosts.ts'
import { readPhase } from './kept-state.ts'
import { type RemovalDeps, removeDemo } from './remove-demo.ts'

export function demoControl(deps: RemovalDeps & { hosts: DemoHosts | undefined }) {
  return {
    async isPresent() {
      const phase = await readPhase(deps.db)
      return phase === 'made' || phase === 'seeded'
    },
    remove: (by: string) => removeDemo(deps, by),
  }
}
