// Ends the whole execution from anywhere.
import Type, { type Static } from 'typebox'
import type { Json } from '../../core/json.ts'
import type { NodeType } from '../../sdk/node-type.ts'
import { readText } from '../../sdk/read-field.ts'

const Config = Type.Object(
  {
    status: Type.Optional(
      Type.Enum(['completed', 'failed'], {
        title: 'Status',
        description: 'Of the execution; default completed.',
      }),
    ),
    message: Type.Optional(
      Type.String({ title: 'Message', description: 'Shown with the execution.', maxLength: 4000 }),
    ),
  },
  { additionalProperties: false },
)
type Config = Omit<Static<typeof Config>, 'message'> & { message?: Json }

export const nodeType: NodeType<Config> = {
  type: 'end',
  version: 1,
  title: { en: 'End', zh: '结束', ru: 'Конец' },
  summary: {
    en: 'Ends the execution here and cancels what is still under way',
    zh: '在此结束执行，并取消仍在进行的节点',
    ru: 'Завершает выполнение здесь и отменяет всё, что ещё идёт',
  },
  icon: 'circle-stop',
  group: 'control',
  config: Config,
  ports: { fixed: [] },
  effect: 'none',
  inline: true,
  run({ config }) {
    const message = readText(config.message)
    const status = config.status === 'failed' ? 'failed' : 'completed'
    return { type: 'done', end: { status, ...(message === undefined ? {} : { message }) } }
  },
}
