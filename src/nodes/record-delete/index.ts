import Type, { type Static } from 'typebox'
import { AppError } from '../../core/errors.ts'
import { done } from '../../core/outcome.ts'
import { failFrom } from '../../sdk/fail-from.ts'
import type { NodeType } from '../../sdk/node-type.ts'
import { pickRecord, RecordFields } from '../../sdk/record-choice.ts'

const Config = Type.Object(
  {
    ...RecordFields,
    missing: Type.Optional(
      Type.Enum(['fail', 'ignore'], {
        title: 'If it does not exist',
        description: 'Default fail.',
      }),
    ),
  },
  { additionalProperties: false },
)
type Config = Static<typeof Config>

export const nodeType: NodeType<Config> = {
  type: 'record-delete',
  version: 1,
  title: { en: 'Delete record', zh: '删除数据', ru: 'Удалить объект' },
  summary: {
    en: 'Deletes one record',
    zh: '删除一条数据对象',
    ru: 'Удаляет объект данных',
  },
  icon: 'trash-2',
  group: 'data',
  config: Config,
  output: Type.Object({ collection: Type.String(), id: Type.String(), deleted: Type.Boolean() }),
  effect: 'destructive',
  async run(ctx) {
    try {
      const chosen = pickRecord(ctx)
      return done({ ...chosen, deleted: await remove(ctx, chosen) })
    } catch (error) {
      return failFrom(error)
    }
  },
  plan(ctx) {
    const { collection, id } = pickRecord(ctx)
    return [`delete ${collection} ${id}`]
  },
}

async function remove(
  { config, records }: Parameters<typeof nodeType.run>[0],
  { collection, id }: { collection: string; id: string },
): Promise<boolean> {
  try {
    await records.remove(collection, id)
    return true
  } catch (error) {
    const isMissing = error instanceof AppError && error.code === 'not-found'
    if (isMissing && config.missing === 'ignore') return false
    throw error
  }
}
