// Repeats its body: over a list, a number of times, or while a condition holds.
import Type, { type Static } from 'typebox'
import { isJsonObject, type Json } from '../../core/json.ts'
import { fail, type Outcome } from '../../core/outcome.ts'
import type { NodeType, RunContext } from '../../sdk/node-type.ts'
import { TemplateField } from '../../sdk/read-field.ts'
import { Cel } from '../../sdk/text.ts'

const Config = Type.Object(
  {
    over: Type.Optional(
      Type.Union([TemplateField(), Type.Array(Type.Unknown())], {
        title: 'Over',
        description: 'A list, or a template that gives one; the body sees each `item` and its `index`.',
      }),
    ),
    times: Type.Optional(
      Type.Union([Type.Integer({ minimum: 0, maximum: 1_000_000 }), TemplateField()], {
        title: 'Times',
        description: 'A number, or a template that gives one.',
      }),
    ),
    while: Type.Optional(
      Cel({
        title: 'While',
        description: 'Asked before each round; `index` is the number of rounds done.',
        minLength: 1,
        'x-variables': ['index'],
      }),
    ),
    concurrency: Type.Optional(
      Type.Integer({
        title: 'At the same time',
        description: 'Rounds that may run at once; default 1. While-loops run one after another.',
        minimum: 1,
        maximum: 1000,
      }),
    ),
    onItemFailure: Type.Optional(
      Type.Enum(['stop', 'break', 'continue'], {
        title: 'When a round fails',
        description:
          'stop (default): the loop fails. break: it completes at once. continue: the others go on.',
      }),
    ),
  },
  {
    additionalProperties: false,
    oneOf: [
      { title: 'Over a list', required: ['over'] },
      { title: 'A number of times', required: ['times'] },
      { title: 'While a condition holds', required: ['while'] },
    ],
  },
)
type Config = Omit<Static<typeof Config>, 'over' | 'times'> & { over?: Json; times?: Json }

export const nodeType: NodeType<Config> = {
  type: 'loop',
  version: 1,
  title: { en: 'Loop', zh: '循环', ru: 'Цикл' },
  summary: {
    en: 'Repeats its nodes over a list, a number of times or while a condition holds',
    zh: '对列表逐项、按次数或在条件成立时重复执行',
    ru: 'Повторяет узлы по списку, заданное число раз или пока условие истинно',
  },
  icon: 'repeat',
  group: 'control',
  config: Config,
  effect: 'none',
  inline: true,
  container: 'loop',
  run(ctx) {
    const { over, times } = ctx.config
    if (ctx.config.while !== undefined) return askWhile(ctx, 0)
    return times === undefined ? overItems(over ?? null) : count(times)
  },
  resume: (ctx, input) => askWhile(ctx, input),
}

/** The keys of a map would be lost: its entries become `{ key, value }`. */
function overItems(over: Json): Outcome {
  if (Array.isArray(over)) return { type: 'each', items: over }
  if (isJsonObject(over)) {
    return { type: 'each', items: Object.entries(over).map(([key, value]) => ({ key, value })) }
  }
  return fail(
    'failed',
    'not-a-list',
    `The loop wants a list, but found ${JSON.stringify(over).slice(0, 200)}`,
  )
}

function count(times: Json): Outcome {
  if (typeof times === 'number' && Number.isInteger(times) && times >= 0)
    return { type: 'each', count: times }
  const found = JSON.stringify(times).slice(0, 200)
  return fail('failed', 'not-a-count', `The loop wants a whole number of rounds, but found ${found}`)
}

/** `input` is the number of rounds done, alone or as `{ index }`. */
function askWhile({ config, evaluate }: RunContext<Config>, input: Json): Outcome {
  const index = isJsonObject(input) ? input.index : input
  const more = evaluate(config.while ?? 'false', typeof index === 'number' ? { index } : {})
  if (typeof more === 'boolean') return { type: 'each', more }
  return fail('failed', 'not-boolean', `The condition gave ${JSON.stringify(more)}, not true or false`)
}
