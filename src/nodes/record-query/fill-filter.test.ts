import { describe, expect, it } from 'vitest'
import { parseFilter } from '../../core/path/parse.ts'
import { printFilter } from '../../core/path/print.ts'
import { fillFilter } from './fill-filter.ts'

describe('fillFilter', () => {
  it.each([
    ['status = $1', ['running'], "status = 'running'"],
    ['name = $1', ["O'Neil' or '1' = '1"], "name = 'O''Neil'' or ''1'' = ''1'"],
    ['cores >= $1 and on = $2', [4, true], 'cores >= 4 and on = true'],
    ["name like '$1%'", ["a'b"], "name like 'a''b%'"],
    ["name like '$1-$2'", ['x', 7], "name like 'x-7'"],
    ["name = '$2' and env = $1", ['prod'], "name = '$2' and env = 'prod'"],
    ['id in $1', [['a', 'b']], "id in ('a', 'b')"],
    ['id in ($1, $2)', ['a', 3], "id in ('a', 3)"],
    ['id in $1', ['a'], "id in ('a')"],
    ['env in $1', [[]], 'id is null'],
    ['env not in $1 and cores > 2', [[]], '(id is not null) and cores > 2'],
    ['name = $1', ['$1 costs $2'], "name = '$1 costs $2'"],
    ['name = $1', [{ a: 1 }], `name = '{"a":1}'`],
    ['name = $11', Array.from({ length: 11 }, (_, n) => n), 'name = 10'],
  ])('%s %j', (text, values, expected) => {
    const filled = fillFilter({ text, values })
    expect(printFilter(parseFilter(filled))).toBe(printFilter(parseFilter(expected)))
  })

  it('leaves null to the language, which says how to write it', () => {
    expect(() => parseFilter(fillFilter({ text: 'name = $1', values: [null] }))).toThrow('is null')
  })
})
