import type { Json } from '../../core/json.ts'
import type { SqlText } from '../../sdk/node-type.ts'

/**
 * The filter with its values written as literals: what a value holds can never become part of the filter.
 * Inside quotes (`like '{{ prefix }}%'`) a value continues the text.
 * @example fillFilter({ text: 'name = $1', values: ["O'Neil"] }) // name = 'O''Neil'
 */
export function fillFilter({ text, values }: SqlText): string {
  const valueAt = (hole: string): Json => values[Number(hole.slice(1)) - 1] ?? null
  return text.replace(/'(?:[^']|'')*'|\w+\s+(?:not\s+)?in\s+\$\d+|\$\d+/gi, (part) => {
    if (part.startsWith("'")) {
      return part.replace(/\$\d+/g, (hole) =>
        isHole(hole, values) ? escapeQuotes(toText(valueAt(hole))) : hole,
      )
    }
    if (part.startsWith('$')) return toLiteral(valueAt(part))
    const [, hole = ''] = part.split('$')
    return toListTest(part.slice(0, -hole.length - 1), valueAt(`$${hole}`))
  })
}

const isHole = (hole: string, values: readonly Json[]) => Number(hole.slice(1)) <= values.length

// The filter language has no empty list; every record has an id, so these two say "none" and "all".
function toListTest(test: string, value: Json): string {
  if (!Array.isArray(value)) return `${test}(${toLiteral(value)})`
  if (value.length > 0) return `${test}${toLiteral(value)}`
  return /\snot\s/i.test(test) ? 'id is not null' : 'id is null'
}

function toLiteral(value: Json): string {
  if (Array.isArray(value)) return `(${value.map(toLiteral).join(', ')})`
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return value === null ? 'null' : `'${escapeQuotes(toText(value))}'`
}

const escapeQuotes = (text: string) => text.replaceAll("'", "''")

function toText(value: Json): string {
  if (value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}
