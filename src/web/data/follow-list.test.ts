import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { FakeSource, type FakeTab, openFakeTab } from '../../../tests/helpers/fake-browser.ts'
import { type Changed, followList } from './follow-list.ts'
import { setSessionEnded } from './session-ended.ts'

const send = (name: string, data: object = {}) => FakeSource.last.send(name, data)
const item = (id: string, seq: number) => ({ id, seq }) as Changed[number]

let told: Changed[]
let live: string[]
let stop: () => void
let tab: FakeTab

beforeEach(() => {
  vi.useFakeTimers()
  tab = openFakeTab()
  told = []
  live = []
  stop = followList({ onLive: (status) => live.push(status), onChange: (items) => told.push(items) })
})
afterEach(() => {
  stop()
  setSessionEnded(false)
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
    expect(FakeSource.last.readyState).toBe(FakeSource.CLOSED)
  })

  it('says so when nothing is heard, although the connection looks open, and connects anew', () => {
    send('open')
    vi.advanceTimersByTime(12_000)
    send('beat')
    vi.advanceTimersByTime(10_000)
    expect(live).toEqual(['live'])
    vi.advanceTimersByTime(10_000)
    expect(live).toEqual(['live', 'stale'])
    expect(FakeSource.all.length).toBe(2)
    send('open')
    expect(live.at(-1)).toBe('live')
  })

  it('connects anew after a refusal, which browsers give up on: the server may be starting', () => {
    send('open')
    for (const count of [2, 3]) {
      FakeSource.last.close()
      send('error')
      expect(live.at(-1)).toBe('reconnecting')
      vi.advanceTimersByTime(2000)
      expect(FakeSource.all.length).toBe(count)
    }
    send('open')
    expect(live.at(-1)).toBe('live')
  })

  it('waits, where the session has ended, until somebody has signed in again', () => {
    send('open')
    setSessionEnded(true)
    FakeSource.last.close()
    send('error')
    vi.advanceTimersByTime(60_000)
    expect(FakeSource.all.length).toBe(1)
    setSessionEnded(false)
    expect(FakeSource.all.length).toBe(2)
  })

  it('takes no connection in a tab that was opened behind the others, until somebody looks', () => {
    stop()
    tab.hidden = true
    FakeSource.all.length = 0
    stop = followList({ onLive: (status) => live.push(status), onChange: (items) => told.push(items) })
    vi.advanceTimersByTime(60_000)
    expect(FakeSource.all.length).toBe(0)
    tab.hidden = false
    tab.change()
    expect(FakeSource.all.length).toBe(1)
    send('open')
    expect(live).toEqual(['live'])
  })

  it('lets its connection go while nobody looks, and comes back', () => {
    send('open')
    tab.hidden = true
    tab.change()
    vi.advanceTimersByTime(6000)
    expect(FakeSource.last.readyState).toBe(FakeSource.CLOSED)
    tab.hidden = false
    tab.change()
    expect(FakeSource.all.length).toBe(2)
  })
})
