// What the execution as a whole gives back.
import Type from 'typebox'
import type { Json } from '../../core/json.ts'
import type { NodeType } from '../../sdk/node-type.ts'

const Config = Type.Object(
  { value: Type.Unknown({ title: 'Value', description: 'Any JSON; texts in it are templates.' }) },
  { additionalProperties: false },
)

export const nodeType: NodeType<{ value: Json }> = {
  type: 'output',
  version: 1,
  title: { en: 'Output', zh: '输出', ru: 'Результат' },
  summary: {
    en: 'Sets the output of the execution',
    zh: '设置整个执行的输出',
    ru: 'Задаёт результат всего выполнения',
  },
  icon: 'file-output',
  group: 'data',
  config: Config,
  effect: 'none',
  inline: true,
  run: ({ config }) => ({ type: 'done', output: config.value, publish: true }),
}
