// A person decides which way to go.
import Type, { type Static } from 'typebox'
import { isJsonObject, type Json } from '../../core/json.ts'
import { fail } from '../../core/outcome.ts'
import type { NodeType } from '../../sdk/node-type.ts'
import { readText } from '../../sdk/read-field.ts'
import { type TaskConfig, TaskFields, TitleField, taskOf } from '../../sdk/task-fields.ts'
import { Raw } from '../../sdk/text.ts'

const Option = Type.Object(
  {
    name: Raw({
      title: 'Name',
      description: 'The name of the port.',
      pattern: '^(?!(error|out)$)[^\\s/{}]{1,64}$',
    }),
    title: Type.Optional(
      Type.String({ title: 'Title', description: 'What the person reads.', maxLength: 200 }),
    ),
  },
  { additionalProperties: false },
)

const Config = Type.Object(
  {
    question: TitleField({ title: 'Question' }),
    options: Type.Array(Option, { title: 'Options', minItems: 1, maxItems: 50 }),
    ...TaskFields,
  },
  { additionalProperties: false },
)
type Config = TaskConfig & { question: Json; options: Static<typeof Option>[] }

export const nodeType: NodeType<Config> = {
  type: 'choice',
  version: 1,
  title: { en: 'Choice', zh: '人工选择', ru: 'Выбор человеком' },
  summary: {
    en: 'Asks a person which way to go',
    zh: '由人决定走哪个分支',
    ru: 'Спрашивает человека, каким путём идти',
  },
  icon: 'mouse-pointer-click',
  group: 'people',
  config: Config,
  output: Type.Object({ choice: Type.String(), comment: Type.Optional(Type.String()) }),
  ports: { each: '/options', name: 'name' },
  effect: 'none',
  waits: true,
  run: ({ config }) => ({
    type: 'wait',
    for: 'person',
    task: { kind: 'choice', ...taskOf(config, config.question), options: namesOf(config) },
  }),
  resume({ config }, input) {
    const answer = isJsonObject(input) ? input : {}
    const choice = typeof answer.port === 'string' ? answer.port : ''
    if (!namesOf(config).includes(choice)) {
      return fail('error', 'unknown-option', `"${choice}" is none of the options`, {
        options: namesOf(config),
      })
    }
    const comment = readText(answer.comment)
    return { type: 'done', output: { choice, ...(comment === undefined ? {} : { comment }) }, port: choice }
  },
}

const namesOf = ({ options }: Config): string[] => options.map((option) => option.name)
