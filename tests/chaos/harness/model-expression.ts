// The few expressions generated workflows are written in: a path or number, one arithmetic step, one comparison.

const form = /^([\w.]+)(?: ([+*%]) (\d+))?(?: (==|>|<) (\d+))?$/

type LookUp = (path: readonly string[]) => unknown

export function evaluate(expression: string, lookUp: LookUp): unknown {
  const match = form.exec(expression.trim())
  if (!match) throw new Error(`The model cannot read: ${expression}`)
  const [, source = '', operator, operand, relation, bound] = match
  const value = /^\d+$/.test(source) ? Number(source) : lookUp(source.split('.'))
  const result = operator ? compute(Number(value), operator, Number(operand)) : value
  return relation ? compare(Number(result), relation, Number(bound)) : result
}

function compute(left: number, operator: string, right: number): number {
  if (operator === '+') return left + right
  return operator === '*' ? left * right : left % right
}

function compare(left: number, relation: string, right: number): boolean {
  if (relation === '==') return left === right
  return relation === '>' ? left > right : left < right
}

/** Templates that are one expression, anywhere in a value. */
export function evaluateConfig(value: unknown, lookUp: LookUp): unknown {
  if (typeof value === 'string') {
    const inner = /^\{\{ (.*) \}\}$/.exec(value)?.[1]
    return inner === undefined ? value : evaluate(inner, lookUp)
  }
  if (Array.isArray(value)) return value.map((item) => evaluateConfig(item, lookUp))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, evaluateConfig(item, lookUp)]))
}
