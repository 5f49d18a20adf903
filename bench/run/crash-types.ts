// Effects that tell when they begin, so that repetitions can be counted.
import { setTimeout as pause } from 'node:timers/promises'
import Type from 'typebox'
import type { JsonObject } from '../../src/core/json.ts'
import type { NodeType } from '../../src/sdk/node-type.ts'

export interface Begun {
  execution: string
  run: string
}

interface Where {
  /** `told-slow` never ends in this process. */
  hangs: boolean
  tell(effect: Begun): void
}

const text = (en: string) => ({ en, zh: en, ru: en })
/** As long as a short request takes. */
const effectMs = 5

/** `told` ends at once; `told-slow` takes 5 ms, or for ever where it hangs. Both may be repeated. */
export function crashTypes({ hangs, tell }: Where): NodeType[] {
  const make = (type: string, work: () => Promise<unknown>): NodeType<JsonObject> => ({
    type,
    version: 1,
    title: text(type),
    summary: text(type),
    icon: 'circle',
    group: 'remote',
    effect: 'write',
    idempotent: true,
    config: Type.Object({}, { additionalProperties: true }),
    async run({ execution, run, config }) {
      tell({ execution: execution.id, run: run.id })
      await work()
      return { type: 'done', output: config }
    },
  })
  const slow = () => (hangs ? new Promise(() => undefined) : pause(effectMs))
  return [make('told', async () => undefined), make('told-slow', slow)] as NodeType[]
}
