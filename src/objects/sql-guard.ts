// What a `sql` node may say. The wall is the role it runs as; but a session can leave a role it has taken, so
// whatever could change the role in the middle of a statement, or run text as a statement, is refused by name.
import { AppError } from '../core/errors.ts'

const allowed = ['select', 'with', 'values', 'table', 'insert', 'update', 'delete', 'merge'] as const

// Matched in the raw text, literals and comments included: a name cannot hide from that, except by escapes.
const refused = [
  /\bset_config\b/i,
  /\bpg_(file_)?settings\b/i,
  /\b(query|table|schema|database|cursor)_to_xml\w*/i,
  /\bts_(stat|rewrite)\b/i,
  /\bdblink\w*/i,
  /\b(crosstab\w*|connectby)\b/i,
  /\bpg_(try_)?advisory\w*/i,
  /\bpg_notify\b/i,
  /\bpg_(terminate|cancel)_backend\b/i,
  /\blo_(import|export|from_bytea|put|get|create|unlink)\b/i,
  /\bu&\s*"/i,
]

/** Throws `sql-failed` unless the text is one of the kinds of statement a node may run. */
export function checkStatement(text: string): void {
  const keyword = firstKeyword(text)
  if (!(allowed as readonly string[]).includes(keyword)) {
    const list = allowed.join(', ')
    const found = keyword === '' ? 'The statement is empty' : `A statement may not begin with "${keyword}"`
    throw new AppError('sql-failed', `${found}; allowed are: ${list}`)
  }
  for (const pattern of refused) {
    const found = pattern.exec(text)
    if (found) throw new AppError('sql-failed', `"${found[0]}" may not be used in a statement of a workflow`)
  }
}

function firstKeyword(text: string): string {
  let at = 0
  for (;;) {
    const next = skipOne(text, at)
    if (next === at) break
    at = next
  }
  return (/^\w*/.exec(text.slice(at))?.[0] ?? '').toLowerCase()
}

/** The position after one blank, opening bracket or comment; the same position when there is none. */
function skipOne(text: string, at: number): number {
  if (/[\s(]/.test(text.charAt(at))) return at + 1
  if (text.startsWith('--', at)) {
    const end = text.indexOf('\n', at)
    return end < 0 ? text.length : end + 1
  }
  return text.startsWith('/*', at) ? skipComment(text, at) : at
}

// PostgreSQL nests comments; taking the first end for the last would read what it does not run.
function skipComment(text: string, start: number): number {
  let depth = 0
  for (let at = start; at < text.length; at += 2) {
    if (text.startsWith('/*', at)) depth += 1
    else if (text.startsWith('*/', at)) depth -= 1
    else at -= 1
    if (depth === 0) return at + 2
  }
  return text.length
}
