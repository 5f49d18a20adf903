// Node types whose effect is a line in the ledger.
import { existsSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import Type from 'typebox'
import type { JsonObject } from '../../../src/core/json.ts'
import { loadNodeTypes } from '../../../src/runtime/registry.ts'
import type { NodeType, Risk, RunContext } from '../../../src/sdk/node-type.ts'
import { appendToLedger } from './effect-log.ts'

const text = (en: string) => ({ en, zh: en, ru: en })

const harm: Risk = { rule: 'harm', message: text('does harm'), found: 'harm', line: 1 }

function effectType(type: string, ledger: string, extra: Partial<NodeType>): NodeType<JsonObject> {
  return {
    type,
    version: 1,
    title: text(type),
    summary: text(type),
    icon: 'circle',
    group: 'remote',
    effect: 'write',
    config: Type.Object({}, { additionalProperties: true }),
    risks: (config) => (config.harm === true ? [harm] : []),
    run: (ctx) => runEffect(ledger, ctx),
    ...extra,
  } as NodeType<JsonObject>
}

/**
 * `ms`: how long it lasts. `until`: it lasts until this file is there, `{pid}` being its process. `kill`: it takes
 * its process with it. `failing`: so many attempts fail.
 * `harm`: a person is asked first, where the policy says so.
 */
async function runEffect(ledger: string, ctx: RunContext<JsonObject>) {
  const { config, run, execution, idempotencyKey: key } = ctx
  const { pid } = process
  appendToLedger(ledger, { execution: execution.id, run: run.id, attempt: run.attempt, key, pid })
  if (config.kill === true) process.kill(pid, 'SIGKILL')
  if (typeof config.ms === 'number') await pause(config.ms, undefined, { signal: ctx.signal })
  const file = typeof config.until === 'string' ? config.until.replace('{pid}', String(pid)) : undefined
  while (file !== undefined && !existsSync(file)) {
    await pause(5, undefined, { signal: ctx.signal })
  }
  if (run.attempt <= Number(config.failing ?? 0)) throw new Error('as asked')
  return { type: 'done' as const, output: { pid } }
}

/** The real types, and `effect` (never repeated silently) and `safe-effect` (idempotent). */
export async function typesWithLedger(ledger: string): Promise<Map<string, NodeType>> {
  const types = await loadNodeTypes()
  for (const type of [
    effectType('effect', ledger, {}),
    effectType('safe-effect', ledger, { idempotent: true }),
  ]) {
    types.set(type.type, type as NodeType)
  }
  return types
}
