// Documents from text, YAML or JSON: no duplicate keys, no tags, no bombs; complaints say where.
import { Composer, Lexer, Parser } from 'yaml'
import { AppError } from '../errors.ts'
import { checkSize } from '../validate/shape.ts'
import { findDuplicateKey } from './json-keys.ts'

const maxAliases = 100
/** Tokens under way in the parser: some for each level, of which a document has at most 64. */
const maxOpen = 400
/** Characters of a document. */
export const maxTextLength = 8 * 1024 * 1024

/**
 * The value written in the text, whatever its shape. Throws AppError `invalid-document` with line and column in the
 * message and the span in the text, `too-deep`, or `payload-too-large`.
 */
export function parseDocumentText(text: string): unknown {
  if (text.length > maxTextLength) {
    throw new AppError('payload-too-large', `A document has at most ${maxTextLength} characters`, {
      why: { key: 'too-many-characters', limit: maxTextLength },
    })
  }
  const value = /^\s*\{/.test(text) ? parseJson(text) : parseYaml(text)
  const problem = checkSize(value)
  if (!problem) return value
  const code = problem.code === 'too-deep' ? 'too-deep' : 'invalid-document'
  throw new AppError(code, problem.message, { pointer: problem.pointer, why: problem.why })
}

/** YAML in braces is no JSON, and its parser tells better what is wrong with either. */
function parseJson(text: string): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return parseYaml(text)
  }
  const duplicate = findDuplicateKey(text)
  if (duplicate) throw located(text, 'Map keys must be unique', duplicate)
  return value
}

function parseYaml(text: string): unknown {
  try {
    const [document, second] = new Composer({ version: '1.2', prettyErrors: false }).compose(readTokens(text))
    if (!document) return null
    if (second) throw located(text, 'There is more than one document', second.range)
    const [problem] = [...document.errors, ...document.warnings]
    if (problem) throw located(text, problem.message.split('\n')[0] ?? '', problem.pos)
    return document.toJS({ maxAliasCount: maxAliases })
  } catch (error) {
    if (error instanceof AppError) throw error
    const isAlias = error instanceof ReferenceError
    const message = isAlias ? 'Aliases name nothing, or would multiply the document' : 'This is not YAML'
    throw new AppError('invalid-document', message, { cause: error })
  }
}

/** Watches the depth while it reads: composing what is nested deep is slow, and ends at the limit of the stack. */
function* readTokens(text: string) {
  const parser = new Parser()
  for (const lexeme of new Lexer().lex(text)) {
    yield* parser.next(lexeme)
    if (parser.stack.length > maxOpen) throw new AppError('too-deep', 'The document is nested too deeply')
  }
  yield* parser.end()
}

function located(text: string, message: string, span: readonly number[]): AppError {
  const [start = 0, end = start] = span
  const before = text.slice(0, start)
  const line = before.split('\n').length
  const column = start - before.lastIndexOf('\n')
  return new AppError('invalid-document', `Line ${line}, column ${column}: ${message}`, {
    pointer: '',
    span: [start, end],
  })
}
