// Random paths and filters for fast-check, and the removal of spans, which differ once a text is printed anew.
import fc from 'fast-check'
import {
  comparisons,
  type Filter,
  keywords,
  type Literal,
  type Path,
  type Span,
} from '../../src/core/path/ast.ts'

const span: Span = [0, 0]

export const name = fc
  .stringMatching(/^[a-z][a-z0-9_]{0,7}$/)
  .filter((text) => !keywords.some((word) => word === text))

const field = name.map((text) => ({ type: 'field' as const, name: text, span }))

const text = fc.string({
  unit: fc.oneof(fc.constantFrom("'", '\\', '%', '"', '\n', '京'), fc.string({ maxLength: 1 })),
})
const value = fc.oneof(
  text.filter((each) => !each.includes('\0')),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((each) => (each === 0 ? 0 : each)),
  fc.boolean(),
)
const literal: fc.Arbitrary<Literal> = value.map((each) => ({ type: 'literal', value: each, span }))
const pattern: fc.Arbitrary<Literal> = text
  .filter((each) => !each.includes('\0') && !each.endsWith('\\'))
  .map((each) => ({ type: 'literal', value: each, span }))

export const filter: fc.Arbitrary<Filter> = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'filter' },
    fc.record({
      type: fc.constant('compare' as const),
      field,
      op: fc.constantFrom(...comparisons),
      value: fc.oneof(field, literal),
      span: fc.constant(span),
    }),
    fc.record({
      type: fc.constant('in' as const),
      field,
      values: fc.array(literal, { minLength: 1, maxLength: 4 }),
      negated: fc.boolean(),
      span: fc.constant(span),
    }),
    fc.record({
      type: fc.constant('like' as const),
      field,
      pattern,
      negated: fc.boolean(),
      span: fc.constant(span),
    }),
    fc.record({ type: fc.constant('null' as const), field, negated: fc.boolean(), span: fc.constant(span) }),
    fc.record({
      type: fc.constantFrom('and' as const, 'or' as const),
      items: fc.array(tie('filter'), { minLength: 2, maxLength: 3 }),
      span: fc.constant(span),
    }),
    fc.record({ type: fc.constant('not' as const), item: tie('filter'), span: fc.constant(span) }),
  ),
})).filter

const step = fc.oneof(
  fc.record({ name, span: fc.constant(span) }),
  fc.record({ name, filter, span: fc.constant(span) }),
)
const steps = fc.array(step, { maxLength: 5 })

export const path: fc.Arbitrary<Path> = fc.oneof(fc.record({ steps }), fc.record({ filter, steps }))

/** The same tree with every span set to [0, 0]. */
export function withoutSpans<T>(tree: T): T {
  return JSON.parse(JSON.stringify(tree, (key, each) => (key === 'span' ? span : each))) as T
}
