// Values in POSIX shell commands: always one quoted word, whatever quotes the hole stands in.
import type { Json, JsonObject } from '../json.ts'
import { failAt } from './cel/frame.ts'
import { toText } from './cel/values.ts'
import { type ShellPlace, shellPlaces } from './shell-places.ts'
import { renderTemplate, type Template } from './template.ts'

/** Single-quoted for a POSIX shell. A list becomes words, one per item. */
export function shellQuote(value: Json): string {
  return Array.isArray(value)
    ? value.map((item) => quoteWord(toText(item))).join(' ')
    : quoteWord(toText(value))
}

function quoteWord(text: string): string {
  if (text.includes('\0')) failAt([0, 0], 'a value for a shell command cannot contain a NUL character')
  return `'${text.replaceAll("'", "'\\''")}'`
}

const places = new WeakMap<Template, readonly ShellPlace[]>()

/** Where each hole stands. Throws AppError for places in which no quoting is safe. */
export function placesOf(template: Template): readonly ShellPlace[] {
  const known = places.get(template)
  if (known) return known
  const found = shellPlaces(template)
  places.set(template, found)
  return found
}

/**
 * The command with every value quoted. Inside quotes of the command they are closed before the value and opened
 * again behind it, so that `echo "hi {{ x }}"` never runs what `x` says.
 */
export function renderShell(template: Template, scope: JsonObject): string {
  const holes = placesOf(template)
  return String(renderTemplate(template, scope, (value, index) => quoteAt(value, holes[index] ?? 'plain')))
}

function quoteAt(value: Json, place: ShellPlace): string {
  if (place === 'plain') return shellQuote(value)
  const text = Array.isArray(value) ? value.map(toText).join(' ') : toText(value)
  const quote = place === 'single' ? "'" : '"'
  return quote + quoteWord(text) + quote
}
