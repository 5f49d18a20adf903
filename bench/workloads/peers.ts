// W10 on systems people would pick instead, in turns with ours; see bench/peers/README.md.
import { peers } from '../peers/catalogue.ts'
import { measurePeer } from '../peers/measure-peer.ts'
import type { Section, Workload } from '../run/workload.ts'

export const workload: Workload = {
  summary: `the same work on ${peers.map(({ name }) => name).join(', ')}; name some to measure only those`,
  async run(options) {
    const { only = [] } = options
    const sections: Section[] = []
    for (const peer of peers) {
      if (only.length === 0 || only.includes(peer.name)) sections.push(await measurePeer(peer, options))
    }
    return sections
  },
}
