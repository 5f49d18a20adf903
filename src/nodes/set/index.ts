// Named values for later nodes.
import Type from 'typebox'
import type { JsonObject } from '../../core/json.ts'
import { done } from '../../core/outcome.ts'
import type { NodeType } from '../../sdk/node-type.ts'

const Config = Type.Object(
  {
    values: Type.Record(Type.String({ minLength: 1, maxLength: 100 }), Type.Unknown(), {
      title: 'Values',
      description: 'Any JSON; texts in it are templates.',
    }),
  },
  { additionalProperties: false },
)

export const nodeType: NodeType<{ values: JsonObject }> = {
  type: 'set',
  version: 1,
  title: { en: 'Set values', zh: '设置变量', ru: 'Задать значения' },
  summary: {
    en: 'Gives names to values that later nodes read',
    zh: '为后续节点要用的值命名',
    ru: 'Даёт имена значениям для следующих узлов',
  },
  icon: 'variable',
  group: 'data',
  config: Config,
  effect: 'none',
  inline: true,
  run: ({ config }) => done(config.values),
}
