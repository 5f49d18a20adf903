import Type, { type Static } from 'typebox'
import type { JsonObject } from '../../core/json.ts'
import { done } from '../../core/outcome.ts'
import { failFrom } from '../../sdk/fail-from.ts'
import type { NodeType } from '../../sdk/node-type.ts'

const Config = Type.Object(
  {
    collection: Type.String({ title: 'Collection', minLength: 1, maxLength: 63, 'x-refers': 'collection' }),
    values: Type.Record(Type.String(), Type.Unknown(), {
      title: 'Values',
      description: 'By field. A relation takes the id of a record.',
    }),
  },
  { additionalProperties: false },
)
type Config = Static<typeof Config> & { values: JsonObject }

export const nodeType: NodeType<Config> = {
  type: 'record-create',
  version: 1,
  title: { en: 'Create record', zh: '新增数据', ru: 'Создать объект' },
  summary: {
    en: 'Creates a record in a collection and outputs it',
    zh: '在数据类型中新增一条数据对象并输出',
    ru: 'Создаёт объект данных и выдаёт его',
  },
  icon: 'file-plus-2',
  group: 'data',
  config: Config,
  output: Type.Record(Type.String(), Type.Unknown()),
  effect: 'write',
  async run({ config, records }) {
    return records.create(config.collection, config.values).then((record) => done(record), failFrom)
  },
  plan: ({ config }) => [`create a record in ${config.collection}`],
}
