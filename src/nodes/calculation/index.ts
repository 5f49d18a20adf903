// One expression; its value is the output.
import Type, { type Static } from 'typebox'
import { done } from '../../core/outcome.ts'
import type { NodeType } from '../../sdk/node-type.ts'
import { Cel } from '../../sdk/text.ts'

const Config = Type.Object(
  { expression: Cel({ title: 'Expression', description: 'In CEL; its value is the output.', minLength: 1 }) },
  { additionalProperties: false },
)
type Config = Static<typeof Config>

export const nodeType: NodeType<Config> = {
  type: 'calculation',
  version: 1,
  title: { en: 'Calculation', zh: '运算', ru: 'Вычисление' },
  summary: {
    en: 'Computes a value from the values of earlier nodes',
    zh: '用前面节点的值计算出新值',
    ru: 'Вычисляет значение из значений предыдущих узлов',
  },
  icon: 'calculator',
  group: 'compute',
  config: Config,
  effect: 'none',
  inline: true,
  run: ({ config, evaluate }) => done(evaluate(config.expression)),
}
