import Type, { type Static } from 'typebox'
import { done, fail, type Outcome } from '../../core/outcome.ts'
import { failFrom } from '../../sdk/fail-from.ts'
import type { NodeType, RecordValue, SqlText } from '../../sdk/node-type.ts'
import { Sql } from '../../sdk/text.ts'
import { fillFilter } from './fill-filter.ts'

const Config = Type.Object(
  {
    collection: Type.String({ title: 'Collection', minLength: 1, maxLength: 63, 'x-refers': 'collection' }),
    where: Type.Optional(
      Sql({
        title: 'Filter',
        description: "Such as status = 'running' and env = {{ inputs.env }}. Values in {{ }} stay values.",
        maxLength: 4000,
      }),
    ),
    sort: Type.Optional(
      Type.String({ title: 'Sort', description: 'Fields, separated by commas; -name for descending.' }),
    ),
    limit: Type.Optional(
      Type.Integer({ title: 'Records at most', description: 'Default 20.', minimum: 1, maximum: 10_000 }),
    ),
    offset: Type.Optional(Type.Integer({ title: 'Skip', description: 'Records to skip.', minimum: 0 })),
    single: Type.Optional(
      Type.Boolean({ title: 'One record', description: 'Output the first record instead of a list.' }),
    ),
    failOnEmpty: Type.Optional(
      Type.Boolean({ title: 'Fail when nothing is found', description: 'Default no.' }),
    ),
  },
  { additionalProperties: false },
)
type Config = Omit<Static<typeof Config>, 'where'> & { where?: SqlText }

export const nodeType: NodeType<Config> = {
  type: 'record-query',
  version: 1,
  title: { en: 'Find records', zh: '查询数据', ru: 'Найти объекты' },
  summary: {
    en: 'Finds records of a collection and outputs them',
    zh: '按条件查询数据对象并输出',
    ru: 'Находит объекты данных и выдаёт их',
  },
  icon: 'search',
  group: 'data',
  config: Config,
  effect: 'read',
  idempotent: true,
  async run({ config, records }) {
    const { collection, where, sort, limit = 20, offset, single = false } = config
    const options = {
      limit: single ? 1 : limit,
      ...(where === undefined || where.text.trim() === '' ? {} : { where: fillFilter(where) }),
      ...(sort === undefined || sort === '' ? {} : { sort }),
      ...(offset === undefined ? {} : { offset }),
    }
    return records.query(collection, options).then((found) => toOutcome(config, found), failFrom)
  },
  plan: ({ config }) => [`read ${config.collection}`],
}

function toOutcome({ collection, single, failOnEmpty }: Config, found: RecordValue[]): Outcome {
  if (found.length === 0 && failOnEmpty) {
    return fail('failed', 'nothing-found', `No record of ${collection} fits the filter`)
  }
  return done(single ? (found[0] ?? null) : found)
}
