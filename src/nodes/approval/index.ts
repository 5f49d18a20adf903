// One person approves or rejects.
import Type from 'typebox'
import { isJsonObject, type Json } from '../../core/json.ts'
import { done, fail } from '../../core/outcome.ts'
import type { NodeType } from '../../sdk/node-type.ts'
import { readText } from '../../sdk/read-field.ts'
import { type TaskConfig, TaskFields, TitleField, taskOf } from '../../sdk/task-fields.ts'

const Config = Type.Object(
  { title: TitleField({ title: 'Title', description: 'What is to be approved.' }), ...TaskFields },
  { additionalProperties: false },
)
type Config = TaskConfig & { title: Json }

export const nodeType: NodeType<Config> = {
  type: 'approval',
  version: 1,
  title: { en: 'Approval', zh: '审批', ru: 'Согласование' },
  summary: {
    en: 'Goes on only when a person approves',
    zh: '审批通过后才继续',
    ru: 'Продолжает только после согласия человека',
  },
  icon: 'stamp',
  group: 'people',
  config: Config,
  output: Type.Object({ approved: Type.Literal(true), comment: Type.Optional(Type.String()) }),
  effect: 'none',
  waits: true,
  run: ({ config }) => ({
    type: 'wait',
    for: 'person',
    task: { kind: 'approval', ...taskOf(config, config.title), options: ['approve', 'reject'] },
  }),
  resume(_ctx, input) {
    const answer = isJsonObject(input) ? input : {}
    const comment = readText(answer.comment)
    const details = comment === undefined ? {} : { comment }
    if (answer.port === 'approve') return done({ approved: true, ...details })
    if (answer.port === 'reject') return fail('rejected', 'rejected', comment ?? 'Rejected', details)
    return fail('error', 'unknown-answer', 'The answer is neither approve nor reject')
  },
}
