// Nodes held together: they fail, are retried and are handled as one.
import Type, { type Static } from 'typebox'
import type { NodeType } from '../../sdk/node-type.ts'

const Config = Type.Object({}, { additionalProperties: false })
type Config = Static<typeof Config>

export const nodeType: NodeType<Config> = {
  type: 'group',
  version: 1,
  title: { en: 'Group', zh: '分组', ru: 'Группа' },
  summary: {
    en: 'Holds nodes together, so that a failure inside is handled once for all of them',
    zh: '把多个节点合为一组，组内失败统一处理',
    ru: 'Объединяет узлы: сбой внутри обрабатывается для всех сразу',
  },
  icon: 'group',
  group: 'control',
  config: Config,
  effect: 'none',
  inline: true,
  container: 'group',
  run: () => ({ type: 'each', count: 1 }),
}
