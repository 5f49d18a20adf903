// Node types whose effect is a call of the ledger. What becomes of it is written in the config and depends on the attempt.
import Type from 'typebox'
import type { JsonObject } from '../../../src/core/json.ts'
import { fail, type Outcome } from '../../../src/core/outcome.ts'
import { loadNodeTypes } from '../../../src/runtime/registry.ts'
import type { NodeType, Risk, RunContext } from '../../../src/sdk/node-type.ts'
import type { LedgerCall } from './ledger.ts'
import { hashText } from './random.ts'
import { isHarmful } from './risky.ts'

const text = (en: string) => ({ en, zh: en, ru: en })

/**
 * `n`: a number, the output is one more. `fails`: so many attempts fail. `ms`: how long it lasts; at least until the
 * instant `until`, ms since 1970. `hang`: for ever. `harm`: a person is asked first, where the policy says so.
 */
async function callLedger(ledger: string, ctx: RunContext<JsonObject>): Promise<Outcome> {
  const { config, run, execution, idempotencyKey: key } = ctx
  const kind = run.attempt <= Number(config.fails ?? 0) ? String(config.kind ?? 'error') : undefined
  if (typeof config.n !== 'number') return fail('failed', 'no-number', `n is ${JSON.stringify(config.n)}`)
  const call: LedgerCall = {
    execution: execution.id,
    run: run.id,
    attempt: run.attempt,
    key,
    pid: process.pid,
    bodyHash: hashText(JSON.stringify(config.n)),
    behave: {
      ms: Math.max(Number(config.ms ?? 0), Number(config.until ?? 0) - Date.now()),
      ...(kind ? { fail: kind } : {}),
      ...(config.hang === true ? { hang: true } : {}),
    },
  }
  const response = await fetch(ledger, { method: 'POST', body: JSON.stringify(call), signal: ctx.signal })
  await response.text()
  if (kind) return fail(kind as 'error', 'told-to', 'The world was told to fail')
  return { type: 'done', output: { n: config.n + 1, pid: process.pid } }
}

const harm: Risk = { rule: 'harm', message: text('does harm'), found: 'harm', line: 1 }

function stubType(type: string, ledger: string, extra: Partial<NodeType>): NodeType {
  return {
    type,
    version: 1,
    title: text(type),
    summary: text(type),
    icon: 'circle',
    group: 'remote',
    effect: 'write',
    config: Type.Object({}, { additionalProperties: true }),
    risks: (config) => (isHarmful(config as JsonObject) ? [harm] : []),
    run: (ctx) => callLedger(ledger, ctx as RunContext<JsonObject>),
    ...extra,
  }
}

/** The real types, and `stub` (never repeated silently) and `safe-stub` (idempotent). */
export async function typesWithStubs(ledger: string): Promise<Map<string, NodeType>> {
  const types = new Map(await loadNodeTypes())
  types.set('stub', stubType('stub', ledger, {}))
  types.set('safe-stub', stubType('safe-stub', ledger, { idempotent: true }))
  return types
}
