import { describe, expect, it } from 'vitest'
import { evaluateExpression, parseExpression } from '../../core/expression/expression.ts'
import type { JsonObject } from '../../core/json.ts'
import { outputExpression, pathExpression, pathKey, searchJson } from './json-path.ts'

const output = { lines: [{ 'exit code': 3, text: 'No space left' }], in: 1, 'a"b': 2, plain: { deep: true } }

describe('pathExpression', () => {
  it.each([
    ['restart', ['lines', 0, 'text'], 'No space left'],
    ['restart', ['lines', 0, 'exit code'], 3],
    ['still-full', ['plain', 'deep'], true],
    ['restart', ['in'], 1],
    ['restart', ['a"b'], 2],
  ])('of %s and %j is an expression that gives the value', (node, path, value) => {
    const expression = pathExpression(outputExpression(node), path)
    const scope = { nodes: { [node]: { output } } } as unknown as JsonObject
    expect(evaluateExpression(parseExpression(expression), scope)).toEqual(value)
  })

  it('is short where it can be', () => {
    expect(pathExpression(outputExpression('restart'), ['lines', 0, 'text'])).toBe(
      'nodes.restart.output.lines[0].text',
    )
    expect(pathExpression('', ['lines', 0])).toBe('lines[0]')
  })
})

describe('searchJson', () => {
  it('finds names and values with the way to them', () => {
    const found = searchJson(output, 'SPACE')
    expect(found?.count).toBe(1)
    expect([...(found?.shown ?? [])]).toEqual(
      [[], ['lines'], ['lines', 0], ['lines', 0, 'text']].map(pathKey),
    )
    expect(searchJson(output, 'deep')?.count).toBe(1)
    expect(searchJson(output, '3')?.count).toBe(1)
    expect(searchJson(output, 'nothing')).toMatchObject({ count: 0 })
    expect(searchJson(output, ' ')).toBeUndefined()
  })

  it('says when there is more than it shows', () => {
    const many = (length: number) => searchJson({ list: Array.from({ length }, () => 'same') }, 'same')
    expect(many(500)).toMatchObject({ count: 500, isMore: false })
    expect(many(501)).toMatchObject({ count: 500, isMore: true })
    expect(many(9000)?.shown.size).toBe(502)
  })
})
