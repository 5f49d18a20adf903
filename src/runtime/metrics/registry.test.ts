import { describe, expect, it } from 'vitest'
import { createRegistry, quantile } from './registry.ts'

describe('a registry', () => {
  it('prints counters by their labels, escaped', () => {
    const registry = createRegistry()
    const counter = registry.counter({ name: 'runs_total', help: 'Runs.', labels: ['type', 'status'] })
    counter.at('sql', 'completed').value += 2
    counter.at('a"b\\c\nd', 'failed').value++
    expect(counter.at('sql', 'completed').value).toBe(2)
    expect(registry.text()).toBe(
      [
        '# HELP runs_total Runs.',
        '# TYPE runs_total counter',
        'runs_total{type="sql",status="completed"} 2',
        'runs_total{type="a\\"b\\\\c\\nd",status="failed"} 1',
        '',
      ].join('\n'),
    )
  })

  it('adds buckets up; a value on the bound belongs below it', () => {
    const registry = createRegistry()
    const histogram = registry.histogram({ name: 'seconds', help: 'Time.', labels: ['by'], bounds: [0.1, 1] })
    for (const value of [0.05, 0.1, 0.5, 3]) histogram.observe(histogram.at('x'), value)
    expect(registry.text().split('\n').slice(2, -1)).toEqual([
      'seconds_bucket{by="x",le="0.1"} 2',
      'seconds_bucket{by="x",le="1"} 3',
      'seconds_bucket{by="x",le="+Inf"} 4',
      'seconds_sum{by="x"} 3.65',
      'seconds_count{by="x"} 4',
    ])
  })

  it('tells below what most observations stay', () => {
    const bounds = [1, 2, 4]
    const histogram = createRegistry().histogram({ name: 'x', help: 'X.', bounds })
    const point = histogram.at()
    expect(quantile(bounds, point, 0.5)).toBe(0)
    for (const value of [0.5, 1.5, 1.5, 3]) histogram.observe(point, value)
    expect(quantile(bounds, point, 0.25)).toBe(1)
    expect(quantile(bounds, point, 0.5)).toBe(1.5)
    expect(quantile(bounds, point, 1)).toBe(4)
    histogram.observe(point, 100)
    expect(quantile(bounds, point, 1)).toBe(4)
  })

  it('reads gauges when asked', () => {
    const registry = createRegistry()
    let depth = 3
    registry.gauge({ name: 'depth', help: 'Depth.' }, () => [{ value: depth }])
    expect(registry.text()).toContain('\ndepth 3\n')
    depth = 4
    expect(registry.text()).toContain('\ndepth 4\n')
  })
})
