// Whatever the generator makes may be published, and all kinds of nodes come up.
import { describe, expect, it } from 'vitest'
import { validateDocument } from '../../../src/core/validate/validate-document.ts'
import { generateWorkflow } from './generator.ts'
import { typesWithStubs } from './stub-types.ts'

const nodeTypes = await typesWithStubs('http://127.0.0.1:9/')
const seeds = Array.from({ length: 300 }, (_, n) => n)
const generated = seeds.map((seed) => generateWorkflow('random', seed))

describe('generated workflows', () => {
  it('are valid', () => {
    for (const [seed, { main, sub }] of generated.entries()) {
      const workflows = new Map([[sub.key, { kind: 'sub' as const, published: 1, calls: [] }]])
      for (const document of [main, sub]) {
        // Records come from a stub: there is no collection behind these paths.
        const nodes = document.nodes.map(({ bind: _bind, config: { of: _of, ...config }, ...node }) => {
          return { ...node, config }
        })
        const { problems } = validateDocument({ ...document, nodes }, { nodeTypes, workflows })
        expect(problems, `seed ${seed}: ${JSON.stringify(document)}`).toEqual([])
      }
    }
  })

  it('are the same for the same seed', () => {
    expect(generateWorkflow('random', 7)).toEqual(generated[7])
    expect(generateWorkflow('random', 8)).not.toEqual(generated[7])
  })

  it('have all control nodes, modes and reactions', () => {
    const nodes = generated.flatMap(({ main, sub }) => [...main.nodes, ...sub.nodes])
    const types = new Set(nodes.map(({ type }) => type))
    const control =
      'condition switch parallel loop group end set calculation delay choice manual approval workflow output'
    for (const type of [...control.split(' '), 'stub', 'safe-stub']) expect(types).toContain(type)
    const of = (read: (node: (typeof nodes)[number]) => unknown) => new Set(nodes.map(read))
    const modes = of(({ config }) => config.mode)
    for (const mode of ['all', 'any', 'race', 'settled']) expect(modes).toContain(mode)
    const reactions = of(({ policy }) => policy?.onError)
    for (const reaction of ['hold', 'branch', 'continue', 'fail']) expect(reactions).toContain(reaction)
    expect(nodes.some(({ bind }) => bind !== undefined)).toBe(true)
    const asking = nodes.filter(({ policy, config }) => policy?.risk === 'ask' && config.harm !== undefined)
    expect(asking.some(({ bind }) => bind === undefined)).toBe(true)
    expect(asking.some(({ bind }) => bind?.concurrency !== undefined)).toBe(true)
    expect(nodes.some(({ join }) => join === 'any')).toBe(true)
  })
})
