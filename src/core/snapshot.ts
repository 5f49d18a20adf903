// How a state is stored. It is written with every step of an execution, so it is short: what nearly all scopes and runs
// have is left out, and what changes stands together.
import type { Run, Scope, State } from './state.ts'

/** `n0 n1:yes n2:` for the marks of a scope; after them, as far as they are not as usual: live, top, base, index. */
type StoredScope = string | [marks: string, ...numbers: number[]] | Scope
/** A number: running, in this attempt, which is the first one of its round. */
type StoredRun = number | Run

/** Without a status: running. */
interface Stored extends Partial<Pick<State, 'status' | 'reason'>> {
  s: Record<string, StoredScope>
  r: Record<string, StoredRun>
}

const usual = [1, 1, 0]

export function writeSnapshot({ status, reason, scopes, runs }: State): string {
  const stored: Stored = {
    ...(status === 'running' ? {} : { status }),
    ...(reason ? { reason } : {}),
    s: {},
    r: {},
  }
  for (const id in scopes) stored.s[id] = writeScope(scopes[id] as Scope)
  for (const id in runs) stored.r[id] = writeRun(runs[id] as Run)
  return JSON.stringify(stored)
}

function writeScope(scope: Scope): StoredScope {
  const { live, top, base, index } = scope
  let marks = ''
  for (const node in scope.marks) {
    const ports = scope.marks[node] as string
    if (ports.includes(' ')) return scope
    marks += `${marks && ' '}${node}${ports === 'out' ? '' : `:${ports}`}`
  }
  const numbers = index === undefined ? [live, top, base] : [live, top, base, index]
  while (numbers.length > 0 && numbers.at(-1) === usual[numbers.length - 1]) numbers.pop()
  return numbers.length === 0 ? marks : [marks, ...numbers]
}

function writeRun(run: Run): StoredRun {
  const { status, attempt, group } = run
  const isUsual = status === 'running' && attempt === group
  return isUsual && Object.keys(run).length === 3 ? attempt : run
}

/** Also of what was stored before it was short. */
export function readSnapshot(stored: unknown): State {
  if (typeof stored !== 'object' || stored === null || !('s' in stored)) return stored as State
  const { status = 'running', reason, s, r } = stored as Stored
  const state: State = { status, ...(reason ? { reason } : {}), scopes: {}, runs: {} }
  for (const id in s) state.scopes[id] = readScope(s[id] as StoredScope)
  for (const id in r) state.runs[id] = readRun(r[id] as StoredRun)
  return state
}

function readScope(stored: StoredScope): Scope {
  if (typeof stored === 'object' && !Array.isArray(stored)) return stored
  const [text, live = 1, top = 1, base = 0, index] = typeof stored === 'string' ? [stored] : stored
  const marks: Scope['marks'] = {}
  for (const entry of text === '' ? [] : text.split(' ')) {
    const colon = entry.indexOf(':')
    if (colon < 0) marks[entry] = 'out'
    else marks[entry.slice(0, colon)] = entry.slice(colon + 1)
  }
  return { marks, live, base, top, ...(index === undefined ? {} : { index }) }
}

function readRun(stored: StoredRun): Run {
  return typeof stored === 'number' ? { status: 'running', attempt: stored, group: stored } : stored
}
