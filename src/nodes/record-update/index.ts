import Type, { type Static } from 'typebox'
import { AppError } from '../../core/errors.ts'
import { isJsonObject, type JsonObject } from '../../core/json.ts'
import { done } from '../../core/outcome.ts'
import { failFrom } from '../../sdk/fail-from.ts'
import type { NodeType } from '../../sdk/node-type.ts'
import { pickRecord, RecordFields } from '../../sdk/record-choice.ts'

const Config = Type.Object(
  {
    ...RecordFields,
    values: Type.Record(Type.String(), Type.Unknown(), {
      title: 'Values',
      description: 'By field; fields that are not named stay as they are.',
    }),
  },
  { additionalProperties: false },
)
type Config = Static<typeof Config> & { values: JsonObject }

export const nodeType: NodeType<Config> = {
  type: 'record-update',
  version: 1,
  title: { en: 'Update record', zh: '更新数据', ru: 'Изменить объект' },
  summary: {
    en: 'Changes fields of one record and outputs it',
    zh: '修改一条数据对象的属性并输出',
    ru: 'Изменяет поля объекта данных и выдаёт его',
  },
  icon: 'file-pen',
  group: 'data',
  config: Config,
  output: Type.Record(Type.String(), Type.Unknown()),
  effect: 'write',
  // Setting the same values again changes nothing.
  idempotent: true,
  async run(ctx) {
    try {
      const { collection, id } = pickRecord(ctx)
      return done(await ctx.records.update(collection, id, checkedValues(ctx.config.values)))
    } catch (error) {
      return failFrom(error)
    }
  },
  plan(ctx) {
    const { collection, id } = pickRecord(ctx)
    return [`set ${Object.keys(ctx.config.values).join(', ')} of ${collection} ${id}`]
  },
}

function checkedValues(values: unknown): JsonObject {
  if (isJsonObject(values)) return values
  throw new AppError('invalid-record', 'The values are not an object', { pointer: '/values' })
}
