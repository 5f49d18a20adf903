// For tests of node types: a context without database, network or clock.
import Value from 'typebox/value'
import { resolveConfig } from '../core/expression/config.ts'
import { evaluateExpression, parseExpression } from '../core/expression/expression.ts'
import type { Json, JsonObject } from '../core/json.ts'
import type { NodeType, RunContext } from './node-type.ts'

export interface FakeContext<C> extends RunContext<C> {
  /** What the node logged. */
  lines: string[]
}

/** Anything of the context, and the scope that expressions see. */
export type Overrides<C> = Partial<RunContext<C>> & { scope?: JsonObject }

const absent = (name: string) => (): never => {
  throw new Error(`the node used ${name}, which this test has not given it`)
}

/**
 * A context with this resolved config. The time is 2030-01-01T00:00:00Z; what reaches outside throws unless it
 * is overridden.
 *
 * @example fakeContext({ when: 'item > 1' }, { scope: { item: 2 } })
 */
export function fakeContext<C>(config: C, overrides: Overrides<C> = {}): FakeContext<C> {
  const { scope = {}, ...given } = overrides
  const lines: string[] = []
  return {
    config,
    evaluate: (source: string, extra: JsonObject = {}): Json =>
      evaluateExpression(parseExpression(source), { ...scope, ...extra }),
    execution: { id: 'execution-1', workflow: 'test', version: 1 },
    run: { id: 'node', node: 'node', attempt: 1 },
    idempotencyKey: 'node#1',
    signal: new AbortController().signal,
    now: new Date('2030-01-01T00:00:00Z'),
    log: (line) => lines.push(line),
    progress: () => {},
    http: absent('http'),
    connect: absent('connect'),
    connection: absent('connection'),
    knownHosts: { find: absent('knownHosts'), remember: absent('knownHosts') },
    records: {
      create: absent('records'),
      update: absent('records'),
      remove: absent('records'),
      get: absent('records'),
      query: absent('records'),
    },
    sql: absent('sql'),
    script: absent('script'),
    ...given,
    lines,
  }
}

/**
 * The same from a config as it stands in a document: checked against the schema of the type, its templates
 * resolved in `overrides.scope`.
 */
export function contextOf<C>(
  nodeType: NodeType<C>,
  config: JsonObject,
  overrides: Overrides<C> = {},
): FakeContext<C> {
  const [problem] = Value.Errors(nodeType.config, config)
  if (problem) throw new Error(`config${problem.instancePath} ${problem.message}`)
  return fakeContext(resolveConfig(nodeType.config, config, overrides.scope ?? {}) as C, overrides)
}

/** Whether a document with this config could be published. */
export function acceptsConfig(nodeType: NodeType<never>, config: JsonObject): boolean {
  return Value.Check(nodeType.config, config)
}
