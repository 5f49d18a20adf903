import type { FieldName, Filter, Literal, Path, Step } from './ast.ts'

/** The canonical text: `parsePath(printPath(x))` equals `x` but for spans. */
export function printPath(path: Path): string {
  const head = path.filter ? `[${printFilter(path.filter)}]` : ''
  const steps = path.steps.map(printStep).join('.')
  return head && steps ? `${head}.${steps}` : head + steps
}

export function printStep(step: Step): string {
  return step.filter ? `${step.name}[${printFilter(step.filter)}]` : step.name
}

export function printFilter(filter: Filter): string {
  switch (filter.type) {
    case 'and':
    case 'or':
      return filter.items.map(printInner).join(` ${filter.type} `)
    case 'not':
      return `not ${printInner(filter.item)}`
    case 'compare':
      return `${filter.field.name} ${filter.op} ${printOperand(filter.value)}`
    case 'in':
      return `${filter.field.name} ${not(filter)}in (${filter.values.map(printOperand).join(', ')})`
    case 'like':
      return `${filter.field.name} ${not(filter)}like ${printOperand(filter.pattern)}`
    case 'null':
      return `${filter.field.name} is ${not(filter)}null`
  }
}

const not = (filter: { negated: boolean }) => (filter.negated ? 'not ' : '')

/** Brackets around every `and` and `or` inside another: keeps the shape, and nobody has to know precedences. */
function printInner(filter: Filter): string {
  const text = printFilter(filter)
  return filter.type === 'and' || filter.type === 'or' ? `(${text})` : text
}

function printOperand(operand: FieldName | Literal): string {
  if (operand.type === 'field') return operand.name
  return typeof operand.value === 'string'
    ? `'${operand.value.replaceAll("'", "''")}'`
    : String(operand.value)
}
