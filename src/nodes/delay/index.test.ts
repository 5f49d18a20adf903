import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../core/json.ts'
import { acceptsConfig, contextOf } from '../../sdk/test-kit.ts'
import { nodeType } from './index.ts'

const run = (config: JsonObject, scope: JsonObject = {}) =>
  nodeType.run(contextOf(nodeType, config, { scope, now: new Date('2030-01-01T12:00:00Z') }))

describe('delay', () => {
  it.each<[JsonObject, number]>([
    [{ for: '250ms' }, 250],
    [{ for: '5m' }, 300_000],
    [{ for: 1.5 }, 1500],
    [{ for: '{{ inputs.soak }}s' }, 10_000],
    [{ for: '{{ inputs.soak }}' }, 10_000],
    [{ for: '{{ duration("1h30m") }}' }, 5_400_000],
  ])('%j waits %i ms', (config, afterMs) => {
    expect(run(config, { inputs: { soak: 10 } })).toEqual({ type: 'wait', for: 'time', until: { afterMs } })
  })

  it.each([
    ['2030-01-01T12:00:01Z', '2030-01-01T12:00:01.000Z'],
    ['2030-01-02', '2030-01-02T00:00:00.000Z'],
    ['2030-01-01T14:00:00+01:00', '2030-01-01T13:00:00.000Z'],
    ['{{ timestamp(t) + duration("1s") }}', '2030-01-01T12:00:01.000Z'],
  ])('waits until %s', (until, at) => {
    expect(run({ until }, { t: '2030-01-01T12:00:00Z' })).toEqual({
      type: 'wait',
      for: 'time',
      until: { at },
    })
  })

  it('is done at once when there is nothing to wait for', () => {
    expect(run({ for: 0 })).toEqual({ type: 'done' })
    expect(run({ until: '2030-01-01T12:00:00Z' })).toEqual({ type: 'done' })
    expect(run({ until: '2020-01-01' })).toEqual({ type: 'done' })
  })

  it('fails on what is no time', () => {
    expect(run({ for: '{{ "soon" }}' })).toMatchObject({ type: 'fail', kind: 'failed', code: 'bad-request' })
    expect(run({ until: 'tomorrow' })).toMatchObject({ type: 'fail', kind: 'failed', code: 'not-a-moment' })
    expect(run({ until: '{{ null }}' })).toMatchObject({ code: 'not-a-moment' })
  })

  it('has exactly one of the two', () => {
    expect(acceptsConfig(nodeType, {})).toBe(false)
    expect(acceptsConfig(nodeType, { for: '1s', until: '2030-01-01' })).toBe(false)
    expect(acceptsConfig(nodeType, { for: 'soon' })).toBe(false)
  })
})
