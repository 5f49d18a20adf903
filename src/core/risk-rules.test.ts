import { describe, expect, it } from 'vitest'
import { compileRiskRules, parseRiskRules } from './risk-rules.ts'

const rules = JSON.stringify([
  { pattern: 'kubectl +delete', words: 'deletes from the cluster', types: ['ssh-command'] },
  { pattern: '(?i)drop\\s+role', words: 'removes a role' },
])

describe('rules of an installation', () => {
  const find = compileRiskRules(parseRiskRules(rules))

  it('are looked for in every text of a config', () => {
    const config = {
      host: 'a',
      command: 'date\nkubectl  delete pod x',
      sql: { text: 'DROP Role joe', values: [1, null] },
    }
    expect(find('ssh-command', config)).toEqual([
      {
        rule: 'own',
        message: {
          en: 'deletes from the cluster',
          zh: 'deletes from the cluster',
          ru: 'deletes from the cluster',
        },
        found: 'kubectl  delete',
        line: 2,
      },
      expect.objectContaining({ found: 'DROP Role', line: 1 }),
    ])
  })

  it('hold for the node types they name', () => {
    expect(find('sql', { sql: 'kubectl delete' })).toEqual([])
    expect(find('sql', { sql: 'drop role joe' })).toHaveLength(1)
    expect(find('ssh-command', { command: 'kubectl get' })).toEqual([])
  })

  it('take time in proportion to the text, whatever they say', () => {
    const slow = compileRiskRules(parseRiskRules('[{"pattern": "(a+)+$x", "words": "never"}]'))
    expect(slow('sql', 'a'.repeat(50_000))).toEqual([])
  })

  it.each([
    ['', []],
    ['[]', []],
  ])('none: %j', (text, none) => expect(parseRiskRules(text)).toEqual(none))

  it.each([
    ['{}', /JSON list/],
    ['[{', /JSON list/],
    ['[1]', /rule 1: it must be an object/],
    ['[{"pattern": "x"}]', /rule 1: words/],
    ['[{"pattern": "", "words": "x"}]', /pattern must be/],
    ['[{"pattern": "x*", "words": "x"}]', /empty text/],
    ['[{"pattern": "(", "words": "x"}]', /rule 1: .*missing closing/],
    ['[{"pattern": "(?=x)", "words": "x"}]', /rule 1/],
    ['[{"pattern": "x", "words": "x", "types": "sql"}]', /types/],
    ['[{"pattern": "x", "words": "x", "node": "sql"}]', /no "node"/],
    [JSON.stringify(Array.from({ length: 201 }, () => ({ pattern: 'x', words: 'x' }))), /at most 200/],
  ])('refuses %.60s', (text, problem) => expect(() => parseRiskRules(text)).toThrow(problem))
})
