// The systems we are measured against: exact versions, what survives a crash, what of ours each is compared with.
import type { BarId } from '../run/bars.ts'
import type { Work } from './protocol.ts'

/**
 * What survives a kill at the moment of the answer. D0: nothing. D1: start and end; the middle is done again. D2:
 * every result before the next node starts. D2b: every result before the next thing outside is touched or
 * anyone is answered; pure nodes run ahead.
 */
export type DurabilityClass = 'D0' | 'D1' | 'D2' | 'D2b'

export type Measure = 'executions' | 'node runs' | 'p50 per node run'

/** Our programs: in process like a library, or a server of its own behind HTTP. */
export type Ours = 'ours' | 'ours-http'

/** One line of the table: their W10 beside one of ours. */
export interface Match {
  measure: Measure
  ours: { program: Ours; work: Exclude<Work, 'w10'> }
  /** Executions under way on both sides; `best`: each side's own best of 8, 64 and 256. */
  inFlight: number | 'best'
  bar?: BarId
}

export interface Peer {
  name: string
  /** Package and exact version; the first one's version is shown. */
  packages: Record<string, string>
  /** What stands in for packages that they ask for from places other than the registry. */
  overrides?: Readonly<Record<string, string>>
  /** How npm must be asked for them. */
  npmOptions?: readonly string[]
  class: DurabilityClass
  /** How an execution is started and its end awaited on their side. */
  startedBy: string
  matches: readonly Match[]
}

export const classOf = { inline: 'D2b', effects: 'D2' } as const satisfies Record<string, DurabilityClass>
export const startOf = { ours: 'in process', 'ours-http': 'by HTTP' } as const satisfies Record<Ours, string>

const inline = { program: 'ours', work: 'inline' } as const
const inlineByHttp = { program: 'ours-http', work: 'inline' } as const
const effects = { program: 'ours', work: 'effects' } as const

export const peers: readonly Peer[] = [
  {
    name: 'dbos',
    packages: { '@dbos-inc/dbos-sdk': '5.3.0' },
    class: 'D2',
    startedBy: 'in process',
    matches: [
      { measure: 'executions', ours: inline, inFlight: 'best', bar: 'inline.dbos' },
      { measure: 'node runs', ours: effects, inFlight: 64, bar: 'effects.dbos' },
      { measure: 'p50 per node run', ours: effects, inFlight: 1, bar: 'alone.dbos' },
    ],
  },
  {
    name: 'restate',
    packages: { '@restatedev/restate-server': '1.7.12', '@restatedev/restate-sdk': '1.17.2' },
    class: 'D2',
    startedBy: 'by HTTP',
    matches: [
      { measure: 'executions', ours: inline, inFlight: 'best', bar: 'inline.restate' },
      { measure: 'executions', ours: inlineByHttp, inFlight: 'best' },
      { measure: 'node runs', ours: effects, inFlight: 64, bar: 'effects.restate' },
      { measure: 'p50 per node run', ours: effects, inFlight: 1, bar: 'alone.restate' },
    ],
  },
  {
    name: 'n8n',
    packages: { n8n: '2.41.1' },
    // Its tree as it was then: later versions of what it loosely asks for cannot be had everywhere.
    npmOptions: ['--before=2026-10-01', '--legacy-peer-deps'],
    class: 'D1',
    startedBy: 'by HTTP',
    matches: [
      { measure: 'executions', ours: inlineByHttp, inFlight: 'best', bar: 'inline.n8n' },
      { measure: 'executions', ours: inline, inFlight: 'best' },
    ],
  },
  {
    name: 'nocobase',
    packages: {
      '@nocobase/server': '2.2.15',
      '@nocobase/plugin-workflow': '2.2.15',
      '@nocobase/plugin-field-sort': '2.2.15',
      // The server asks for both without saying so.
      execa: '5.1.1',
      pg: '8.23.1',
    },
    // Its reader of spreadsheets, which no workflow here needs.
    overrides: { xlsx: '0.18.5' },
    // Its plugins name the whole product with its console as peers.
    npmOptions: ['--legacy-peer-deps'],
    class: 'D1',
    startedBy: 'in process, as a sync workflow',
    matches: [
      { measure: 'executions', ours: inline, inFlight: 'best', bar: 'inline.nocobase' },
      { measure: 'executions', ours: inlineByHttp, inFlight: 'best' },
    ],
  },
  {
    name: 'node-red',
    packages: { 'node-red': '5.0.7' },
    class: 'D0',
    startedBy: 'by HTTP',
    matches: [{ measure: 'executions', ours: inlineByHttp, inFlight: 'best' }],
  },
  {
    name: 'bpmn-engine',
    packages: { 'bpmn-engine': '25.0.1' },
    class: 'D0',
    startedBy: 'in process',
    matches: [{ measure: 'executions', ours: inline, inFlight: 'best' }],
  },
  {
    name: 'graphile-worker',
    packages: { 'graphile-worker': '0.18.0' },
    class: 'D2',
    startedBy: 'in process, each job adding the next',
    matches: [
      { measure: 'node runs', ours: effects, inFlight: 'best' },
      { measure: 'p50 per node run', ours: effects, inFlight: 1 },
    ],
  },
  {
    name: 'pg-boss',
    packages: { 'pg-boss': '12.35.0' },
    class: 'D2',
    startedBy: 'in process, each job adding the next',
    matches: [
      { measure: 'node runs', ours: effects, inFlight: 'best' },
      { measure: 'p50 per node run', ours: effects, inFlight: 1 },
    ],
  },
]
