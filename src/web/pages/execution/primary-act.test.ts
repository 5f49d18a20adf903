import { describe, expect, it } from 'vitest'
import { headerPrimary, inspectorFills } from './primary-act.ts'

describe('the filled button', () => {
  it.each([
    [['pause', 'retry', 'terminate'], undefined, false],
    [['resume', 'retry', 'confirm', 'terminate'], undefined, false],
    [['resume', 'confirm', 'terminate'], 'resume', false],
    [['pause', 'confirm', 'terminate'], 'confirm', false],
    [['pause', 'terminate'], undefined, true],
    [[], undefined, true],
  ] as const)('with %j is %s of the header, or the inspector: %s', (acts, header, inspector) => {
    expect(headerPrimary([...acts])).toBe(header)
    expect(inspectorFills([...acts])).toBe(inspector)
  })
})
