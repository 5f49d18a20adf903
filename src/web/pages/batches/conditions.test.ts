import { describe, expect, it } from 'vitest'
import { dataCenter } from '../../../../tests/helpers/data-center.ts'
import type { Collection } from '../../../api/contract/collections.ts'
import { parsePath } from '../../../core/path/parse.ts'
import {
  type Condition,
  operatorsFor,
  printConditions,
  readConditions,
  stepsFrom,
  writeConditions,
} from './conditions.ts'

const collections: Collection[] = dataCenter.map(({ relations = [], ...collection }) => ({
  ...collection,
  label: collection.label ?? '{id}',
  relations: relations.map(({ name, to, inverse, kind }) => ({ name, to, inverse, kind, owner: true })),
}))
const steps = stepsFrom('app', collections)
const one = (step: string, field: string, operator: Condition['operator'], value = ''): Condition => ({
  step,
  field,
  operator,
  value,
})

describe('steps', () => {
  it('lead from the target to what relations reach, the nearest first', () => {
    expect(steps.map(({ path }) => path)).toEqual([
      '',
      'unit',
      'host',
      'tags',
      'unit.parent',
      'unit.balancer',
      'unit.parent.parent',
      'unit.parent.balancer',
    ])
    expect(stepsFrom('nothing', collections)).toEqual([])
  })
})

describe('conditions', () => {
  it('on the same step are asked of the same record, and can be parsed', () => {
    const printed = printConditions(
      [
        one('', 'env', '=', "it's"),
        one('host', 'cpu', '>=', '8'),
        one('', 'port', 'is null'),
        one('host', 'name', 'contains', '100%_\\'),
        one('unit', 'name', '=', ''),
        one('', 'critical', '!=', 'true'),
      ],
      steps,
    )
    expect(printed).toEqual([
      "[env = 'it''s' and port is null and critical != true]",
      String.raw`host[cpu >= 8 and name like '%100\%\_\\%']`,
    ])
    for (const path of printed) expect(() => parsePath(path)).not.toThrow()
  })

  it('offer what fits the type', () => {
    expect(operatorsFor('boolean')).toEqual(['=', '!=', 'is null', 'is not null'])
    expect(operatorsFor('json')).toEqual(['is null', 'is not null'])
    expect(operatorsFor('integer')).not.toContain('contains')
  })

  it('go through the address; what is none is dropped', () => {
    const all = [one('host', 'cpu', '<', '3')]
    expect(readConditions(writeConditions(all))).toEqual(all)
    expect(writeConditions([])).toBeUndefined()
    for (const text of [
      'x',
      '{}',
      '[1,null,{"step":1}]',
      '[{"step":"","field":"a","operator":"drop","value":""}]',
    ])
      expect(readConditions(text)).toEqual([])
  })
})
