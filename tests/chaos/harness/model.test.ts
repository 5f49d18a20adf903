// The model on what made it complain wrongly once.
import { describe, expect, it } from 'vitest'
import type { StubDocument } from './document-shape.ts'
import { explain, type Observation, type Seen } from './model.ts'

const stub = (id: string, config: object, extra: object = {}) => ({
  id,
  type: 'stub',
  config: { n: 1, ...config },
  ...extra,
})

const loop: StubDocument = {
  format: 'fermata/1',
  key: 'loop',
  title: 'Loop',
  kind: 'main',
  inputs: {},
  settings: {},
  nodes: [
    { id: 'each', type: 'loop', config: { times: 3 }, policy: { retry: { attempts: 1 }, onError: 'fail' } },
    stub('x', { fails: 1, kind: 'rejected' }, { parent: 'each' }),
  ],
  edges: [],
}

const quiet = { crashes: 0, allCrashes: 0 }
const failed = (kind: string, seq: number, code = 'told-to'): Seen => ({
  ...quiet,
  ...{ status: kind, output: null, error: { kind, code }, seq },
})

describe('the model', () => {
  it('leaves items that first began in the repetition of a loop to the repetition', () => {
    const runs = new Map<string, Seen>([
      ['each#1', failed('error', 2, 'items-failed')],
      ['each[0]/x#1', { ...failed('error', 2, 'interrupted'), crashes: 1, allCrashes: 1 }],
      ['each#2', failed('rejected', 4, 'items-failed')],
      ['each[0]/x#2', { ...quiet, status: 'completed', output: { n: 2 }, seq: 3 }],
      ['each[1]/x#1', failed('rejected', 4)],
    ])
    const seen: Observation = {
      ...{ inputs: {}, status: 'rejected', attention: false, reason: null, output: null, runs },
      child: () => undefined,
    }
    expect(explain(loop, seen).problems).toEqual([])
  })
})
