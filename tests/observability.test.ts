// The dashboard, the alerts and the guide name metrics that exist, and the guide explains all there are.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { openApi, type TestApi } from './helpers/api.ts'

const read = (path: string) => readFileSync(join(import.meta.dirname, '..', path), 'utf8')
const dashboard = JSON.parse(read('docs/observability/fermata-dashboard.json')) as {
  panels: { id: number; type: string; targets?: { expr: string }[] }[]
}
const alerts = parse(read('docs/observability/alerts.yaml')) as {
  groups: { rules: { alert: string; expr: string; annotations: { summary?: string }; labels: object }[] }[]
}
const guide = read('docs/guide/observe.md')

let api: TestApi
/** Types by name. */
let known: Map<string, string>

beforeAll(async () => {
  api = await openApi()
  const { body } = await api.app.inject({ url: '/metrics' })
  known = new Map(
    [...body.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', type = '']) => [name, type]),
  )
})
afterAll(() => api.close())

const namesIn = (text: string) => [...new Set(text.match(/\b(?:fermata|process|nodejs)_[a-z_]+\b/g))]

/** Of a histogram there are buckets, sum and count, and only of a histogram. */
function exists(name: string): boolean {
  const [, base = name, part] = /^(.+)_(bucket|sum|count)$/.exec(name) ?? []
  if (part !== undefined && known.get(base) === 'histogram') return true
  return known.has(name) && known.get(name) !== 'histogram'
}

const expressions = [
  ...dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
  ...alerts.groups.flatMap(({ rules }) => rules.map(({ expr }) => expr)),
  ...[...guide.matchAll(/```promql\n([\s\S]*?)```/g)].map(([, text = '']) => text),
]

describe('dashboard, alerts and guide', () => {
  it('ask for metrics that exist', () => {
    expect(expressions.length).toBeGreaterThan(40)
    expect(namesIn(expressions.join('\n')).filter((name) => !exists(name))).toEqual([])
  })

  it('rate counters and histograms, and nothing else', () => {
    const rated = expressions.flatMap((text) =>
      [...text.matchAll(/(?:rate|increase)\((\w+)/g)].map(([, name = '']) => name),
    )
    const isCounter = (name: string) => known.get(name) === 'counter' || !known.has(name)
    expect(rated.filter((name) => !isCounter(name))).toEqual([])
  })

  it('explain every metric there is, and no other', () => {
    const explained = [...guide.matchAll(/^\| (`.+?) \| /gm)].flatMap(([, cell = '']) => namesIn(cell))
    expect(explained.sort()).toEqual([...known.keys()].sort())
  })

  it('are whole: ids of panels are unique, alerts say what they mean', () => {
    const ids = dashboard.panels.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const { alert, annotations, labels } of alerts.groups.flatMap(({ rules }) => rules)) {
      expect([alert, annotations.summary]).toEqual([alert, expect.any(String)])
      expect(labels).toMatchObject({ severity: expect.stringMatching(/^(critical|warning)$/) })
    }
  })
})
