// A yes-or-no decision. `yes` also takes the default port, so an edge without a port means "when it holds".
import Type, { type Static } from 'typebox'
import { fail } from '../../core/outcome.ts'
import type { NodeType } from '../../sdk/node-type.ts'
import { Cel } from '../../sdk/text.ts'

const Config = Type.Object(
  {
    when: Cel({ title: 'Condition', description: 'A CEL expression that is true or false.', minLength: 1 }),
    otherwise: Type.Optional(
      Type.Enum(['branch', 'fail'], {
        title: 'Otherwise',
        description: 'What happens when it does not hold: take the port no (default), or fail.',
      }),
    ),
  },
  { additionalProperties: false },
)
type Config = Static<typeof Config>

export const nodeType: NodeType<Config> = {
  type: 'condition',
  version: 1,
  title: { en: 'Condition', zh: '条件', ru: 'Условие' },
  summary: {
    en: 'Goes one way when an expression holds and another when it does not',
    zh: '表达式成立时走一条路，否则走另一条',
    ru: 'Идёт одним путём, если выражение истинно, и другим, если нет',
  },
  icon: 'split',
  group: 'control',
  config: Config,
  output: Type.Boolean(),
  ports: { fixed: ['out', 'yes', 'no'] },
  effect: 'none',
  inline: true,
  run({ config, evaluate }) {
    const holds = evaluate(config.when)
    if (typeof holds !== 'boolean') {
      return fail('failed', 'not-boolean', `The condition gave ${JSON.stringify(holds)}, not true or false`)
    }
    if (!holds && config.otherwise === 'fail') {
      return fail('failed', 'condition-not-met', `The condition does not hold: ${config.when}`)
    }
    return { type: 'done', output: holds, port: holds ? ['yes', 'out'] : ['no'] }
  },
}
