import { describe, expect, it } from 'vitest'
import { stepFrom } from './square-steps.ts'

const grid = { count: 10, perRow: 4 }

describe('a key in the squares of a batch', () => {
  it.each([
    ['ArrowRight', 3, 4],
    ['ArrowLeft', 4, 3],
    ['ArrowDown', 1, 5],
    ['ArrowUp', 9, 5],
    ['Home', 7, 0],
    ['End', 2, 9],
  ])('%s leads from %i to %i', (key, at, to) => {
    expect(stepFrom(key, { ...grid, at })).toBe(to)
  })

  it.each([
    ['ArrowLeft', 0],
    ['ArrowUp', 3],
    ['ArrowDown', 6],
    ['ArrowRight', 9],
    ['Tab', 5],
  ])('%s at %i leads nowhere', (key, at) => {
    expect(stepFrom(key, { ...grid, at })).toBeUndefined()
  })
})
