// W10 on systems people would pick instead, in turns with ours; see bench/peers/README.md.
import { peers } from '../peers/catalogue.ts'
import { measurePeer } from '../peers/measure-peer.ts'
import type { Section, Workload } from '../run/workload.ts'

/** Its class would be D1. What is said of it stands beside its bar. */
const nocobase: Section = {
  title: 'nocobase',
  rows: [],
  bars: { 'inline.nocobase': { note: 'not installed by this bench, and no figure is published' } },
}

export const workload: Workload = {
  summary: `the same work on ${peers.map(({ name }) => name).join(', ')}; name some to measure only those`,
  async run(options) {
    const { only = [] } = options
    const sections: Section[] = []
    for (const peer of peers) {
      if (only.length === 0 || only.includes(peer.name)) sections.push(await measurePeer(peer, options))
    }
    if (only.length === 0) sections.push(nocobase)
    return sections
  },
}
