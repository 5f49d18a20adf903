// The variables an expression sees in one run: inputs, target, record, items of loops, results of other nodes.
import type { GraphNode } from '../core/graph.ts'
import type { Json, JsonObject } from '../core/json.ts'
import { itemId, keyOf, nodeOf, ownerOf, runId, scopeOf } from '../core/run-id.ts'
import { loadItems, loadResults } from '../store/executions.ts'
import type { Core } from './core.ts'
import type { Live, Result } from './live.ts'
import type { CompiledNode } from './versions.ts'

/** Only what the config reads is looked up. Async only when something is not in memory. */
export async function buildScope(core: Core, live: Live, run: string): Promise<JsonObject> {
  const node = live.version.nodes.get(nodeOf(run)) as CompiledNode
  const scope: JsonObject = { inputs: live.inputs }
  const reads = (root: string): boolean => node.roots.has(root)
  if (reads('execution')) scope.execution = describe(live)
  if (reads('now')) scope.now = new Date(core.clock.now()).toISOString()
  if (reads('target') && live.target) scope.target = await recordOf(core, live, live.target)
  if (reads('record')) scope.record = await boundRecord(core, live, run)
  if (reads('item') || reads('index') || reads('loops') || reads('branch'))
    Object.assign(scope, await itemsFor(core, live, run))
  if (node.reads.length > 0 || reads('nodes')) scope.nodes = await resultsFor(core, live, run)
  return scope
}

/** The same scope without waiting, when everything it needs is in memory: so it is for most nodes. */
export function scopeAtHand(core: Core, live: Live, of: Reader): JsonObject | undefined {
  const { node } = of
  if (!live.complete || node.document.bind) return undefined
  const scope: JsonObject = { inputs: live.inputs }
  for (const root of node.roots) {
    if (root === 'inputs') continue
    const value = rootAtHand(core, live, { root, of })
    if (value === undefined) return undefined
    scope[root] = value
  }
  return scope
}

/** A run, and the node whose config is read for it. */
interface Reader {
  node: CompiledNode
  run: string
}

function rootAtHand(core: Core, live: Live, { root, of }: { root: string; of: Reader }): Json | undefined {
  if (root === 'nodes') return resultsAtHand(live, of)
  if (root === 'execution') return describe(live)
  return root === 'now' ? new Date(core.clock.now()).toISOString() : undefined
}

/** Undefined when a container or bound node is read: its result is put together from many. */
function resultsAtHand(live: Live, { node: { reads }, run }: Reader): JsonObject | undefined {
  const nodes: JsonObject = {}
  for (const id of reads) {
    const other = visibleRun(live, scopeOf(run), id)
    const node = live.version.graph.nodes.get(id)
    if (other === undefined || !node) continue
    if (node.bind || node.container) return undefined
    nodes[id] = plainResult(live, other)
  }
  return nodes
}

function plainResult(live: Live, run: string): JsonObject {
  const own = live.results.get(run)
  return {
    status: own?.status ?? 'not-started',
    output: own?.output ?? null,
    error: (own?.error ?? null) as Json,
  }
}

function describe(live: Live): JsonObject {
  return {
    id: live.id,
    workflow: live.version.workflow,
    version: live.version.version,
    startedBy: live.startedBy,
    startedAt: live.startedAt ? new Date(live.startedAt).toISOString() : null,
  }
}

async function recordOf(core: Core, live: Live, key: { collection: string; id: string }): Promise<Json> {
  const name = `${key.collection}/${key.id}`
  if (!live.records.has(name)) {
    live.records.set(name, await core.services.record(authorityOf(live), key))
  }
  return live.records.get(name) ?? null
}

export function authorityOf(live: Live): { principal: string; execution: string; workflow: string } {
  return { principal: live.startedBy, execution: live.id, workflow: live.version.workflow }
}

/** The bound record of a run, or of the nearest bound container around it. */
export async function boundRecord(core: Core, live: Live, run: string): Promise<Json> {
  for (let id = run; id !== ''; id = scopeOf(id)) {
    const bound = boundItem(live, id)
    if (bound) return recordOf(core, live, bound)
  }
  return null
}

/** The record of `restart[host-3]`, or of `each[host-3][41]`. */
export function boundItem(live: Live, id: string): { collection: string; id: string } | undefined {
  if (!live.version.nodes.get(nodeOf(id))?.document.bind) return undefined
  let item = id
  for (
    let owner = ownerOf(item);
    owner !== undefined && ownerOf(owner) !== undefined;
    owner = ownerOf(item)
  ) {
    item = owner
  }
  const key = keyOf(item)
  const info = live.bindingInfo.get(ownerOf(item) ?? '') ?? live.bindingInfo.get(nodeOf(id))
  return key !== undefined && info ? { collection: info.collection, id: key } : undefined
}

/** `item` and `index` of the nearest loop; `loops.<id>` for all of them. */
async function itemsFor(core: Core, live: Live, run: string): Promise<JsonObject> {
  const scope: JsonObject = {}
  const loops: JsonObject = {}
  for (let id = scopeOf(run); id !== ''; id = scopeOf(id)) {
    const node = live.version.graph.nodes.get(nodeOf(id))
    const key = keyOf(id)
    if (!node || key === undefined || node.container === 'group' || !node.container) continue
    const item = node.container === 'loop' ? await itemOf(core, live, id) : key
    const entry = node.container === 'loop' ? { item, index: Number(key) } : { item, branch: key }
    loops[node.id] = entry
    for (const [name, value] of Object.entries(entry)) scope[name] ??= value
  }
  return { ...scope, loops }
}

/** The item of an iteration by its scope, such as `each[41]`. */
async function itemOf(core: Core, live: Live, scope: string): Promise<Json> {
  const loop = ownerOf(scope) as string
  const index = Number(keyOf(scope))
  if (!live.items.has(loop)) {
    live.items.set(loop, await loadItems(core.pool, { execution: live.id, run: loop }))
  }
  const items = live.items.get(loop) ?? []
  return index < items.length ? (items[index] ?? null) : index
}

/** `nodes.<id>`: status, output and error of what ran before, seen from this run's scope outwards. */
async function resultsFor(core: Core, live: Live, run: string): Promise<JsonObject> {
  const ids = live.version.nodes.get(nodeOf(run))?.reads ?? []
  const nodes: JsonObject = {}
  for (const id of ids) {
    const other = visibleRun(live, scopeOf(run), id)
    const node = live.version.graph.nodes.get(id)
    if (other === undefined || !node) continue
    nodes[id] = await resultOf(core, live, { run: other, node })
  }
  return nodes
}

/** The run of a node as seen from a scope: in it, or in one of those around it. */
export function visibleRun(live: Live, scope: string, id: string): string | undefined {
  const node = live.version.graph.nodes.get(id)
  if (!node) return undefined
  for (let at = scope; ; at = scopeOf(at)) {
    const isHere = at === '' ? node.parent === undefined : node.parent === nodeOf(at)
    const isBranch = node.branch === undefined || keyOf(at) === node.branch
    if (isHere && isBranch) return runId(at, id)
    if (at === '') return undefined
  }
}

async function resultOf(core: Core, live: Live, of: { run: string; node: GraphNode }): Promise<JsonObject> {
  await loadMissing(core, live, { nodes: [of.node.id], run: of.run })
  const result = plainResult(live, of.run)
  const { bind, container } = of.node
  if (!bind && !container) return result
  const output = bind ? await recordOutputs(core, live, of) : await bodyOutputs(core, live, of)
  return result.error && !output ? result : { ...result, output }
}

/** Reads from the database what this process has not seen, once per run or group of items. */
async function loadMissing(
  core: Core,
  live: Live,
  wanted: { nodes: string[]; run: string; prefix?: string },
): Promise<void> {
  if (live.complete || (!wanted.prefix && live.results.has(wanted.run))) return
  const prefix = wanted.prefix ?? wanted.run
  const rows = await loadResults(core.pool, { execution: live.id, nodes: wanted.nodes, prefix })
  for (const row of rows) {
    if (live.results.has(row.run)) continue
    const { status, output, error } = row
    live.results.set(row.run, { status, output, ...(error ? { error } : {}) })
  }
}

/** Over a to-one path the record's own output; else a list of `{ key, status, output }`. */
async function recordOutputs(core: Core, live: Live, of: { run: string; node: GraphNode }): Promise<Json> {
  await loadMissing(core, live, { nodes: [of.node.id], run: of.run, prefix: `${of.run}[` })
  const keys = live.bindings.get(of.run) ?? live.bindings.get(of.node.id) ?? []
  const info = live.bindingInfo.get(of.run) ?? live.bindingInfo.get(of.node.id)
  const outputs: Json[] = []
  for (const key of keys) outputs.push(entry(key, live.results.get(itemId(of.run, key))))
  if (info?.toOne && outputs[0]) return (outputs[0] as JsonObject).output ?? null
  return outputs
}

function entry(key: string | number, result: Result | undefined): JsonObject {
  return { key, status: result?.status ?? 'not-started', output: result?.output ?? null }
}

/** Of a body: what its last nodes gave, per item or branch. */
async function bodyOutputs(core: Core, live: Live, of: { run: string; node: GraphNode }): Promise<Json> {
  const { node, run } = of
  const prefix = node.container === 'group' ? `${run}/` : `${run}[`
  const body = [...live.version.graph.nodes.values()].filter((other) => other.parent === node.id)
  await loadMissing(core, live, { nodes: body.map(({ id }) => id), run, prefix })
  if (node.container === 'group') return scopeOutput(live, run, body).output ?? null
  if (node.container === 'parallel') {
    const branches = node.branches.map((name) => [name, branchOutput(live, { run, name, body })] as const)
    return Object.fromEntries(branches)
  }
  const output: Json[] = []
  for (let index = 0; index < countItems(live, run); index++) {
    output.push({ key: index, ...scopeOutput(live, itemId(run, index), body) })
  }
  return output
}

function branchOutput(live: Live, of: { run: string; name: string; body: GraphNode[] }): JsonObject {
  return scopeOutput(
    live,
    itemId(of.run, of.name),
    of.body.filter((node) => node.branch === of.name),
  )
}

function countItems(live: Live, run: string): number {
  const summary = live.results.get(run)?.output as { total?: number } | null | undefined
  return summary?.total ?? 0
}

/** One last node: its output. Several: an object by node id. */
function scopeOutput(live: Live, scope: string, body: readonly GraphNode[]): JsonObject {
  const results = body.map((node) => [node, live.results.get(runId(scope, node.id))] as const)
  const bad = results.find(
    ([, result]) => result && result.status !== 'completed' && result.status !== 'skipped',
  )
  const status = bad?.[1]?.status ?? (results.some(([, result]) => result) ? 'completed' : 'not-started')
  const last = results.filter(([node, result]) => result && node.outbound.length === 0)
  if (last.length === 1) return { status, output: last[0]?.[1]?.output ?? null }
  return {
    status,
    output: Object.fromEntries(last.map(([node, result]) => [node.id, result?.output ?? null])),
  }
}
