// Work done by a person, with a form for what comes of it.
import Type from 'typebox'
import type { Json, JsonObject } from '../../core/json.ts'
import { done } from '../../core/outcome.ts'
import type { NodeType } from '../../sdk/node-type.ts'
import { type TaskConfig, TaskFields, TitleField, taskOf } from '../../sdk/task-fields.ts'

const Config = Type.Object(
  {
    title: TitleField({ title: 'Title', description: 'What is to be done.' }),
    ...TaskFields,
    form: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), {
        title: 'Form',
        description: 'JSON Schema of the answer; its texts and defaults may be templates.',
      }),
    ),
  },
  { additionalProperties: false },
)
type Config = TaskConfig & { title: Json; form?: JsonObject }

export const nodeType: NodeType<Config> = {
  type: 'manual',
  version: 1,
  title: { en: 'Manual task', zh: '人工任务', ru: 'Ручная задача' },
  summary: {
    en: 'Gives a person something to do and waits for the form to be filled in',
    zh: '交给人处理，并等待填写表单',
    ru: 'Поручает дело человеку и ждёт заполненной формы',
  },
  icon: 'clipboard-pen',
  group: 'people',
  config: Config,
  effect: 'none',
  waits: true,
  run({ config }) {
    const task = { kind: 'manual' as const, ...taskOf(config, config.title) }
    return { type: 'wait', for: 'person', task: config.form ? { ...task, form: config.form } : task }
  },
  resume: (_ctx, answer) => done(answer),
}
