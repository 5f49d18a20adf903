// What a node type is given. Most nodes use little of it: everything beyond the plain fields is made when it is asked for.
import { evaluateExpression, parseExpression } from '../core/expression/expression.ts'
import type { JsonObject } from '../core/json.ts'
import { nodeOf } from '../core/run-id.ts'
import type { RecordValue, RunContext } from '../sdk/node-type.ts'
import type { Core } from './core.ts'
import type { Live } from './live.ts'
import { reachableRecords } from './reachable-records.ts'
import type { Call } from './run-node.ts'
import { authorityOf } from './scope.ts'
import type { Services } from './services.ts'
import { traceServices } from './traces/trace-services.ts'

interface Made {
  core: Core
  live: Live
  call: Call
  scope: JsonObject
}

const made = Symbol('made')
type Inner = { [made]: Made }

const innerOf = (context: unknown): Made => (context as Inner)[made]

function servicesOf({ core, live, call }: Made): Services {
  const { services, traces } = core
  if (!traces) return services
  const { run, attempt } = call
  const type = live.version.nodes.get(nodeOf(run))?.document.type ?? ''
  return traceServices(services, traces, { live, run, attempt, type })
}

/** Getters, so that a node type may take methods out of the context without losing what they belong to. */
const lazy = {
  get evaluate(): RunContext['evaluate'] {
    const { scope } = innerOf(this)
    return (source, extra) =>
      evaluateExpression(parseExpression(source), extra ? { ...scope, ...extra } : scope)
  },
  get execution(): RunContext['execution'] {
    const { live } = innerOf(this)
    return { id: live.id, workflow: live.version.workflow, version: live.version.version }
  },
  get run(): RunContext['run'] {
    const { run, attempt } = innerOf(this).call
    return { id: run, node: nodeOf(run), attempt }
  },
  get now(): Date {
    return new Date(innerOf(this).core.clock.now())
  },
  get idempotencyKey(): string {
    const { live, call } = innerOf(this)
    return `${live.id}:${call.run}:${call.group}`
  },
  get log(): RunContext['log'] {
    const { core, call } = innerOf(this)
    return (line, level = 'info') => addLog(core, call, { line, level })
  },
  get progress(): RunContext['progress'] {
    const { core, call } = innerOf(this)
    return (fraction, text = '') =>
      addLog(core, call, { line: `${Math.round(fraction * 100)} % ${text}`.trim(), level: 'debug' })
  },
  get http(): RunContext['http'] {
    const inner = innerOf(this)
    const { call } = inner
    return (url, options = {}) => servicesOf(inner).http(url, options, call.signal)
  },
  get connect(): RunContext['connect'] {
    const inner = innerOf(this)
    const { call } = inner
    return (host, port) => servicesOf(inner).connect(host, port, call.signal)
  },
  get connection(): RunContext['connection'] {
    const inner = innerOf(this)
    return (name) => servicesOf(inner).connection(name)
  },
  get knownHosts(): RunContext['knownHosts'] {
    return servicesOf(innerOf(this)).knownHosts
  },
  get records(): RunContext['records'] {
    const inner = innerOf(this)
    return reachableRecords(servicesOf(inner).records(authorityOf(inner.live)), inner.call.signal)
  },
  get sql(): RunContext['sql'] {
    const inner = innerOf(this)
    const { live, call } = inner
    return (statement, options = {}) =>
      servicesOf(inner).sql(authorityOf(live), statement, { ...options, signal: call.signal })
  },
  get script(): RunContext['script'] {
    const inner = innerOf(this)
    const { call } = inner
    return (code, args, limits = {}) =>
      servicesOf(inner).script(code, args, { ...limits, signal: call.signal })
  },
}

export function makeContext(
  inner: Made,
  { config, record }: { config: JsonObject; record: RecordValue | null },
): RunContext {
  const context = Object.create(lazy) as RunContext & Inner
  context[made] = inner
  context.config = config
  if (record) context.record = record
  context.signal = inner.call.signal
  return context
}

function addLog(core: Core, call: Call, entry: { line: string; level: string }): void {
  const { logs, firstLine = 1 } = call
  for (const text of entry.line.replaceAll('\0', '').split('\n')) {
    if (logs.length >= core.limits.logLines) return
    logs.push({
      run: call.run,
      attempt: call.attempt,
      line: firstLine + logs.length,
      at: Math.round(core.clock.now()),
      level: entry.level,
      text: text.slice(0, core.limits.logLineLength),
    })
  }
}
