import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Changed, followList } from './follow-list.ts'

/** As the browser's, with events given by the test. */
class FakeSource {
  static last: FakeSource
  isClosed = false
  readonly heard = new Map<string, (event: { data: string }) => void>()
  constructor() {
    FakeSource.last = this
  }
  addEventListener(name: string, listener: (event: { data: string }) => void) {
    this.heard.set(name, listener)
  }
  close() {
    this.isClosed = true
  }
}
const send = (name: string, data: object = {}) =>
  FakeSource.last.heard.get(name)?.({ data: JSON.stringify(data) })
const item = (id: string, seq: number) => ({ id, seq }) as Changed[number]

let told: Changed[]
let live: string[]
let stop: () => void

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('EventSource', FakeSource)
  told = []
  live = []
  stop = followList({ onLive: (status) => live.push(status), onChange: (items) => told.push(items) })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('followList', () => {
  it('asks for a look once it is connected, and once after each reconnection', () => {
    vi.advanceTimersByTime(5000)
    expect(told).toEqual([])
    send('open')
    vi.advanceTimersByTime(5000)
    expect(told).toEqual([[]])
    send('error')
    vi.advanceTimersByTime(5000)
    expect(told).toHaveLength(1)
    send('open')
    vi.advanceTimersByTime(5000)
    expect(told).toEqual([[], []])
    expect(live).toEqual(['live', 'reconnecting', 'live'])
  })

  it('tells the last of each execution, together with the first look', () => {
    send('open')
    send('change', { items: [item('1', 2), item('2', 1)] })
    send('change', { items: [item('1', 3)] })
    vi.advanceTimersByTime(5000)
    expect(told).toEqual([[item('1', 3), item('2', 1)]])
  })

  it('tells nothing after its end', () => {
    send('open')
    stop()
    vi.advanceTimersByTime(5000)
    expect(told).toEqual([])
    expect(FakeSource.last.isClosed).toBe(true)
  })
})
