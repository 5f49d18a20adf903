import { describe, expect, it } from 'vitest'
import type { ExecutionDetail } from '../../api/contract/executions.ts'
import type { NodeRun } from '../../api/contract/node-runs.ts'
import { firstState, lastRuns, mergeChanges } from './live-state.ts'

const execution: ExecutionDetail = {
  id: '1',
  workflow: 'test',
  workflowTitle: 'Test',
  version: 1,
  status: 'running',
  waiting: false,
  attention: false,
  test: false,
  trigger: 'manual',
  startedBy: 'li',
  createdAt: '2026-01-01T00:00:00.000Z',
  seq: 5,
  acts: [],
  notReached: [],
  rebindable: [],
  inputs: { reason: 'x' },
  document: { format: 'fermata/1', key: 'test', title: 'Test', nodes: [], edges: [] },
}
const { inputs: _inputs, document: _document, ...head } = execution
const run = (id: string, attempt: number, status: NodeRun['status']): NodeRun => ({
  id,
  node: id,
  type: 'set',
  scope: '',
  attempt,
  status,
  acts: [],
})

describe('mergeChanges', () => {
  const state = firstState(execution, [run('a', 1, 'running')])

  it('takes the newer head and keeps document and inputs', () => {
    const merged = mergeChanges(state, [{ execution: { ...head, status: 'paused', seq: 6 }, runs: [] }])
    expect(merged.execution).toMatchObject({ status: 'paused', seq: 6, inputs: { reason: 'x' } })
    expect(merged.execution.document).toBe(execution.document)
    expect(merged.runs).toBe(state.runs)
  })

  it('keeps the objects of what is equal, so that nothing is drawn for them', () => {
    const target = { collection: 'app', id: '1', label: 'Shop' }
    const before = firstState({ ...execution, target, notReached: ['b'] }, [])
    const told = structuredClone({ ...head, target, notReached: ['b'], acts: ['pause' as const], seq: 6 })
    const merged = mergeChanges(before, [{ execution: told, runs: [] }])
    expect(merged.execution.target).toBe(before.execution.target)
    expect(merged.execution.notReached).toBe(before.execution.notReached)
    expect(merged.execution.acts).toEqual(['pause'])
  })

  it('ignores an older head, as comes after a reconnect', () => {
    const merged = mergeChanges(state, [{ execution: { ...head, status: 'queued', seq: 4 }, runs: [] }])
    expect(merged.execution.status).toBe('running')
  })

  it('replaces an attempt, keeps the others in order, and finds the newest', () => {
    const merged = mergeChanges(state, [
      { execution: head, runs: [run('a', 2, 'running')] },
      { execution: head, runs: [run('a', 1, 'failed'), run('b', 1, 'queued')] },
    ])
    expect(merged.runs.get('a')?.map((attempt) => attempt.status)).toEqual(['failed', 'running'])
    expect(lastRuns(merged).map(({ id, attempt }) => [id, attempt])).toEqual([
      ['a', 2],
      ['b', 1],
    ])
  })

  it('takes the acts from an attempt once there is a later one', () => {
    const held = mergeChanges(state, [
      { execution: head, runs: [{ ...run('a', 1, 'failed'), acts: ['retry', 'skip'] }] },
    ])
    const merged = mergeChanges(held, [{ execution: head, runs: [run('a', 2, 'running')] }])
    expect(held.runs.get('a')?.[0]?.acts).toEqual(['retry', 'skip'])
    expect(merged.runs.get('a')?.[0]?.acts).toEqual([])
  })

  it('leaves the earlier picture untouched', () => {
    mergeChanges(state, [{ execution: head, runs: [run('a', 1, 'failed')] }])
    expect(state.runs.get('a')?.[0]?.status).toBe('running')
  })
})
