// Several branches at once; the engine applies the mode.
import Type, { type Static } from 'typebox'
import type { NodeType } from '../../sdk/node-type.ts'
import { Raw } from '../../sdk/text.ts'

const Branch = Type.Object(
  {
    name: Raw({
      title: 'Name',
      description: 'Nodes of the branch refer to it; the output has a field of this name.',
      pattern: '^[a-z][a-zA-Z0-9_-]{0,62}$',
    }),
    title: Type.Optional(Raw({ title: 'Title', maxLength: 200 })),
  },
  { additionalProperties: false },
)

const Config = Type.Object(
  {
    branches: Type.Array(Branch, { title: 'Branches', minItems: 1, maxItems: 100 }),
    mode: Type.Optional(
      Type.Enum(['all', 'any', 'race', 'settled'], {
        title: 'Mode',
        description:
          'all (default): the first failure fails it. any: the first success completes it. race: the first end decides. settled: waits for all, never fails.',
      }),
    ),
  },
  { additionalProperties: false },
)
type Config = Static<typeof Config>

export const nodeType: NodeType<Config> = {
  type: 'parallel',
  version: 1,
  title: { en: 'Parallel', zh: '并行', ru: 'Параллельно' },
  summary: {
    en: 'Runs several branches at the same time',
    zh: '同时执行多个分支',
    ru: 'Выполняет несколько ветвей одновременно',
  },
  icon: 'columns-3',
  group: 'control',
  config: Config,
  effect: 'none',
  inline: true,
  container: 'parallel',
  run: ({ config }) => ({ type: 'each', items: config.branches.map((branch) => branch.name) }),
}
