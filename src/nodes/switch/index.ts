// The first case that holds gives the port.
import Type, { type Static } from 'typebox'
import type { Json } from '../../core/json.ts'
import { done, type Fail, fail } from '../../core/outcome.ts'
import type { NodeType, RunContext } from '../../sdk/node-type.ts'
import { Cel, Raw } from '../../sdk/text.ts'

const Case = Type.Object(
  {
    name: Raw({
      title: 'Name',
      description: 'The name of the port.',
      pattern: '^(?!(else|error|out)$)[^\\s/{}]{1,64}$',
    }),
    when: Type.Optional(
      Cel({
        title: 'When',
        description: 'A CEL expression; `value` is the value of the switch.',
        minLength: 1,
        'x-variables': ['value'],
      }),
    ),
    equals: Type.Optional(
      Type.Unknown({ title: 'Equals', description: 'Taken when the value is equal to this.' }),
    ),
  },
  {
    additionalProperties: false,
    oneOf: [
      { title: 'When an expression holds', required: ['when'] },
      { title: 'When the value equals', required: ['equals'] },
    ],
  },
)

const Config = Type.Object(
  {
    value: Type.Optional(Type.Unknown({ title: 'Value', description: 'What the cases look at.' })),
    cases: Type.Array(Case, {
      title: 'Cases',
      description: 'From top to bottom; the first that holds gives the port, otherwise else.',
      minItems: 1,
      maxItems: 100,
    }),
  },
  { additionalProperties: false },
)
type Config = Omit<Static<typeof Config>, 'value'> & { value?: Json }
type Case = { name: string; when?: string; equals?: Json }

export const nodeType: NodeType<Config> = {
  type: 'switch',
  version: 1,
  title: { en: 'Switch', zh: '多分支', ru: 'Выбор по условию' },
  summary: {
    en: 'Takes the way of the first case that holds',
    zh: '走第一个成立的分支',
    ru: 'Идёт путём первого выполненного случая',
  },
  icon: 'signpost',
  group: 'control',
  config: Config,
  output: Type.String(),
  ports: { each: '/cases', name: 'name', plus: ['else'] },
  effect: 'none',
  inline: true,
  run(ctx) {
    for (const one of ctx.config.cases as Case[]) {
      const holds = test(ctx, one)
      if (typeof holds !== 'boolean') return holds
      if (holds) return done(one.name, one.name)
    }
    return done('else', 'else')
  },
}

function test({ config, evaluate }: RunContext<Config>, { name, when, equals }: Case): boolean | Fail {
  const value = config.value ?? null
  if (when === undefined) return evaluate('value == expected', { value, expected: equals ?? null }) === true
  const holds = evaluate(when, { value })
  if (typeof holds === 'boolean') return holds
  return fail('failed', 'not-boolean', `Case ${name} gave ${JSON.stringify(holds)}, not true or false`)
}
