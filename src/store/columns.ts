// Columns of many rows as statement parameters. Text travels joined by separators instead of as an array literal:
// JSON is full of quotes, and escaping them on one side and reading them on the other costs more than the insert.

const separator = '\u001f'
const nothing = '\u001e'
/** Separators and NUL are no text anybody can miss; JSON has none of them raw. */
const reserved = new RegExp(`[\\u0000${separator}${nothing}]`, 'g')

/** A column as one parameter; null when every value is: `unnest` fills it up with nulls. */
export function encodeColumn(type: string, values: readonly unknown[]): string | null {
  if (values.every((value) => value === null)) return null
  if (type === 'text')
    return joinTexts(values.map((value) => (value === null ? nothing : clean(value as string))))
  if (type === 'json') return joinTexts(values.map((value) => (value === null ? nothing : (value as string))))
  return encodeScalars(values)
}

/** One empty text alone would be taken for no text at all: what follows it belongs to no row. */
const joinTexts = (texts: readonly string[]): string =>
  texts.length === 1 && texts[0] === '' ? separator + nothing : texts.join(separator)

function clean(text: string): string {
  return text.search(reserved) >= 0 ? text.replaceAll(reserved, ' ') : text
}

/** Numbers, booleans and uuids need no quotes. */
function encodeScalars(values: readonly unknown[]): string {
  return `{${values.map((value) => (value === null ? 'NULL' : String(value))).join(',')}}`
}

/** The value of a single row. */
export function encodeValue(value: unknown): string | null {
  if (value === null) return null
  return typeof value === 'string' ? clean(value) : String(value)
}

/** The SQL that turns such a parameter into an array. */
export function decodeColumn(type: string, parameter: string): string {
  if (type !== 'text' && type !== 'json') return `${parameter}::${type}[]`
  return `string_to_array(${parameter}::text, E'\\x1f', E'\\x1e')`
}
