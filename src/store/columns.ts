// Columns of many rows as statement parameters. Text travels joined by separators instead of as an array literal:
// JSON is full of quotes, and escaping them on one side and reading them on the other costs more than the insert.

const separator = '\u001f'
const nothing = '\u001e'
/** Separators and NUL are no text anybody can miss; JSON has none of them raw. */
const reserved = new RegExp(`[\\u0000${separator}${nothing}]`, 'g')

/** A column as one parameter; null when every value is: `unnest` fills it up with nulls. */
export function encodeColumn(type: string, values: readonly unknown[]): string | null {
  if (values.every((value) => value === null)) return null
  return type === 'text' ? encodeTexts(values) : encodeScalars(values)
}

/** Begins with an empty element, so that one empty text is not taken for no text at all. */
function encodeTexts(values: readonly unknown[]): string {
  let joined = ''
  for (const value of values)
    joined += value === null ? separator + nothing : separator + clean(value as string)
  return joined
}

function clean(text: string): string {
  return text.search(reserved) >= 0 ? text.replaceAll(reserved, ' ') : text
}

/** Numbers, booleans and uuids need no quotes. */
function encodeScalars(values: readonly unknown[]): string {
  return `{${values.map((value) => (value === null ? 'NULL' : String(value))).join(',')}}`
}

/** The SQL that turns such a parameter into an array. */
export function decodeColumn(type: string, parameter: number): string {
  if (type !== 'text') return `$${parameter}::${type}[]`
  return `(string_to_array($${parameter}::text, E'\\x1f', E'\\x1e'))[2:]`
}
