import { describe, expect, it } from 'vitest'
import { settingRows } from './settings-rows.ts'

describe('settingRows', () => {
  it('puts what ran beside what was written, place by place', () => {
    const written = {
      host: '{{ record.address }}',
      port: 22,
      body: { json: { title: 'Disk of {{ target.name }}' } },
    }
    const atRun = { host: '10.0.0.1', port: 22, body: { json: { title: 'Disk of pay-01' } } }
    expect(settingRows(written, atRun)).toEqual([
      { path: 'host', written: '{{ record.address }}', atRun: '10.0.0.1', resolved: true },
      { path: 'port', written: 22, atRun: 22, resolved: false },
      {
        path: 'body.json.title',
        written: 'Disk of {{ target.name }}',
        atRun: 'Disk of pay-01',
        resolved: true,
      },
    ])
  })

  it('shows a text that gave an object in one row, and settings the type added', () => {
    expect(settingRows({ values: '{{ inputs }}' }, { values: { a: 1 }, retries: 3 })).toEqual([
      { path: 'values', written: '{{ inputs }}', atRun: { a: 1 }, resolved: true },
      { path: 'retries', written: undefined, atRun: 3, resolved: true },
    ])
  })

  it('shows what is written as long as nothing has run', () => {
    expect(settingRows({ a: ['x', { b: 1 }] }, undefined)).toEqual([
      { path: 'a[0]', written: 'x', atRun: undefined, resolved: false },
      { path: 'a[1].b', written: 1, atRun: undefined, resolved: false },
    ])
    expect(settingRows(undefined, undefined)).toEqual([])
  })
})
