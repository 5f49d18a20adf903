// The shape of paths and filters. Spans are character offsets into the text they were read from.

export type Span = readonly [start: number, end: number]

export const comparisons = ['=', '!=', '<', '<=', '>', '>='] as const
export type Comparison = (typeof comparisons)[number]

/** `unit.app_instances[status = 'running'].host`; no steps and no filter: the target itself. */
export interface Path {
  /** Stands directly on the target. */
  filter?: Filter
  steps: Step[]
}

/** Follows a relation; the last step of a path may name a field instead. */
export interface Step {
  name: string
  filter?: Filter
  /** Of the name. */
  span: Span
}

export interface FieldName {
  type: 'field'
  name: string
  span: Span
}

export interface Literal {
  type: 'literal'
  value: string | number | boolean
  span: Span
}

export type Filter =
  | { type: 'and' | 'or'; items: Filter[]; span: Span }
  | { type: 'not'; item: Filter; span: Span }
  | { type: 'compare'; field: FieldName; op: Comparison; value: FieldName | Literal; span: Span }
  | { type: 'in'; field: FieldName; values: Literal[]; negated: boolean; span: Span }
  | { type: 'like'; field: FieldName; pattern: Literal; negated: boolean; span: Span }
  | { type: 'null'; field: FieldName; negated: boolean; span: Span }

/** Words of the filter language; no field or relation may be called so. */
export const keywords = ['and', 'or', 'not', 'in', 'like', 'is', 'null', 'true', 'false'] as const
export type Keyword = (typeof keywords)[number]
