import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { FakeSource, type FakeTab, openFakeTab } from '../../../tests/helpers/fake-browser.ts'
import type { ExecutionDetail } from '../../api/contract/executions.ts'
import type { NodeRun } from '../../api/contract/node-runs.ts'
import { ApiError } from '../../client/api-error.ts'
import type { RunStatus } from '../../core/statuses.ts'
import { type Follow, type Following, followExecution } from './follow-execution.ts'
import { setSessionEnded } from './session-ended.ts'

const { call } = vi.hoisted(() => ({ call: vi.fn() }))
vi.mock('./client.ts', () => ({ api: { call } }))

const source = () => FakeSource.last

let frames: (() => void)[]
let tab: FakeTab
let shown: Following[]
let follow: Follow

const head = (seq: number, status: ExecutionDetail['status'] = 'running') =>
  ({ id: '7', seq, status, document: { nodes: [], edges: [] } }) as unknown as ExecutionDetail
const run = (id: string, status: RunStatus) => ({ id, attempt: 1, status, acts: [] }) as unknown as NodeRun
const change = (seq: number, runs: NodeRun[], status?: ExecutionDetail['status']) =>
  source().send('change', { execution: head(seq, status), runs })
const answer = async (route: { path: string }) =>
  route.path.endsWith('node-runs') ? { items: [run('a', 'running')] } : head(5)
const frame = () => {
  for (const draw of frames.splice(0)) draw()
}
const settle = () => vi.advanceTimersByTimeAsync(0)

beforeEach(async () => {
  vi.useFakeTimers()
  frames = []
  shown = []
  tab = openFakeTab()
  vi.stubGlobal('requestAnimationFrame', (draw: () => void) => frames.push(draw))
  call.mockReset()
  call.mockImplementation(answer)
  follow = followExecution('7', (following) => shown.push(following))
  await settle()
  source().send('open')
})
afterEach(() => {
  follow.stop()
  setSessionEnded(false)
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('followExecution', () => {
  it('asks for what came after the head it has read, and stays after the end', () => {
    expect(source().url).toMatch(/since=5/)
    expect(source().url).toMatch(/stay=true/)
    expect(shown.at(-1)?.live).toBe('live')
  })

  it('merges everything of one frame into one picture', () => {
    const before = shown.length
    for (let n = 0; n < 100; n++) change(6 + n, [run(`r${n}`, 'completed')])
    expect(shown.length).toBe(before)
    expect(frames).toHaveLength(1)
    frame()
    expect(shown.length).toBe(before + 1)
    expect(shown.at(-1)?.state?.runs.size).toBe(101)
    expect(shown.at(-1)?.state?.execution.seq).toBe(105)
    change(106, [run('later', 'running')])
    expect(frames).toHaveLength(1)
  })

  it('says so when nothing is heard, although the connection looks open, and connects anew', async () => {
    await vi.advanceTimersByTimeAsync(12_000)
    source().send('beat')
    await vi.advanceTimersByTimeAsync(10_000)
    expect(shown.at(-1)?.live).toBe('live')
    expect(FakeSource.all).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(shown.at(-1)?.live).toBe('stale')
    expect(FakeSource.all).toHaveLength(2)
    source().send('open')
    expect(shown.at(-1)?.live).toBe('live')
  })

  it('says so while it reconnects', () => {
    source().send('error')
    expect(shown.at(-1)?.live).toBe('reconnecting')
    source().send('beat')
    expect(shown.at(-1)?.live).toBe('live')
  })

  it('reads all runs again once it has ended: what may be done to them has changed', async () => {
    call.mockImplementation(async (route: { path: string }) =>
      route.path.endsWith('node-runs') ? { items: [run('a', 'failed')] } : head(8, 'failed'),
    )
    change(8, [], 'failed')
    frame()
    await settle()
    expect(shown.at(-1)?.state?.runs.get('a')?.[0]?.status).toBe('failed')
    expect(FakeSource.all).toHaveLength(2)
    expect(source().url).toMatch(/since=8/)
  })

  it('asks no more for what is not there, until somebody wants it', async () => {
    const gone = new ApiError({ type: '', title: '', status: 404, code: 'not-found', detail: '' })
    call.mockRejectedValue(gone)
    const before = FakeSource.all.length
    follow.again()
    await vi.advanceTimersByTimeAsync(60_000)
    tab.change()
    expect(shown.at(-1)).toEqual({ live: 'refused', error: gone })
    expect(FakeSource.all).toHaveLength(before)
    expect(call).toHaveBeenCalledTimes(3)
    call.mockImplementation(answer)
    follow.again()
    await settle()
    source().send('open')
    expect(shown.at(-1)?.live).toBe('live')
  })

  it('reads anew why a stream was refused: its rights were withdrawn, or it was removed', async () => {
    call.mockRejectedValue(new ApiError({ type: '', title: '', status: 404, code: 'not-found', detail: '' }))
    source().close()
    source().send('error')
    expect(shown.at(-1)?.live).toBe('reconnecting')
    await vi.advanceTimersByTimeAsync(2000)
    expect(shown.at(-1)?.live).toBe('refused')
  })

  it('keeps what it knows while the server is gone, and reads it again by itself', async () => {
    call.mockRejectedValue(new ApiError({ type: '', title: '', status: 0, code: 'unreachable', detail: '' }))
    follow.again()
    await settle()
    expect(shown.at(-1)).toMatchObject({ live: 'reconnecting', state: { execution: { seq: 5 } } })
    call.mockImplementation(answer)
    await vi.advanceTimersByTimeAsync(2000)
    source().send('open')
    expect(shown.at(-1)).toMatchObject({ live: 'live', state: { execution: { seq: 5 } } })
    expect(shown.at(-1)).not.toHaveProperty('error')
  })

  it('keeps what it shows where the session has ended, and goes on once somebody has signed in again', async () => {
    call.mockImplementation(async () => {
      setSessionEnded(true)
      throw new ApiError({ type: '', title: '', status: 401, code: 'unauthenticated', detail: '' })
    })
    source().close()
    source().send('error')
    await vi.advanceTimersByTimeAsync(60_000)
    expect(shown.at(-1)).toMatchObject({ live: 'reconnecting', state: { execution: { seq: 5 } } })
    expect(call).toHaveBeenCalledTimes(3)
    call.mockImplementation(answer)
    setSessionEnded(false)
    await settle()
    source().send('open')
    expect(shown.at(-1)).toMatchObject({ live: 'live', state: { execution: { seq: 5 } } })
  })

  it('lets its connection go while nobody looks, and comes back', async () => {
    tab.hidden = true
    tab.change()
    await vi.advanceTimersByTimeAsync(31_000)
    expect(source().readyState).toBe(FakeSource.CLOSED)
    tab.hidden = false
    tab.change()
    expect(FakeSource.all).toHaveLength(2)
    expect(source().readyState).toBe(1)
  })
})
