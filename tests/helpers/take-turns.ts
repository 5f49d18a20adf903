// A simulation played again, in turns of several events beside single steps.
import assert from 'node:assert/strict'
import { advance } from '../../src/core/advance.ts'
import type { Own } from '../../src/core/draft.ts'
import { initialState, type State } from '../../src/core/state.ts'
import type { Simulation } from './simulate.ts'

/** Beside each single step the same one as part of a turn, with events that are stale in between. */
export function takeTurns({ plan, events }: Simulation, list: number[]) {
  let [own, state] = [newOwn(), initialState()]
  let [before, text] = [state, JSON.stringify(state)]
  let count = 0
  const end = () => {
    assert.equal(JSON.stringify(before), text)
    own = newOwn()
    before = state
    text = JSON.stringify(before)
  }
  const step = (single: State, event: Simulation['events'][number]): State => {
    if ((list[count % list.length] ?? 0) % 5 === 0) end()
    const early = events[(list[count++ % list.length] ?? 0) % events.length] ?? event
    if (advance(plan, single, early).state === single)
      assert.equal(advance({ ...plan, own }, state, early).state, state)
    const next = advance(plan, single, event)
    const ours = advance({ ...plan, own }, state, event)
    assert.deepEqual(ours, next)
    state = ours.state
    return next.state
  }
  return { step, end }
}

const newOwn = (): Own => ({})
