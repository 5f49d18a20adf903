// The files of this repository, as the tests about its shape see them.
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { parseSync, Visitor } from 'vite'

export const root = join(import.meta.dirname, '../..')

export interface SourceFile {
  /** From the root of the repository, with `/`. */
  path: string
  text: string
  lines: number
}

/** Every file below the folders whose name `matches`, in order. Folders that hold no source are left out. */
export function listFiles(folders: readonly string[], matches: RegExp): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && matches.test(entry.name))
      .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
      .sort(),
  )
}

export function readSource(path: string): SourceFile {
  const text = readFileSync(join(root, path), 'utf8')
  return { path, text, lines: text.trimEnd().split('\n').length }
}

/** What the file imports, as written. Dynamic imports of a fixed text count. */
export function importsOf(source: SourceFile): string[] {
  const { module } = parseSync(source.path, source.text)
  const fixed = module.staticImports.map((found) => found.moduleRequest.value)
  const exported = module.staticExports.flatMap((found) =>
    found.entries.flatMap((entry) => entry.moduleRequest?.value ?? []),
  )
  const dynamic = module.dynamicImports.flatMap(({ moduleRequest: { start, end } }) => {
    const written = source.text.slice(start, end)
    return /^'[^']*'$/.test(written) ? [written.slice(1, -1)] : []
  })
  return [...fixed, ...exported, ...dynamic]
}

export interface FunctionSize {
  /** Line on which the body begins. */
  line: number
  /** Lines of the body, braces included, without those of the functions inside it. */
  lines: number
  parameters: number
}

interface FunctionNode {
  body: { type: string; start: number; end: number } | null
  params: readonly unknown[]
}

interface Body {
  start: number
  end: number
  parameters: number
}

/** Every function with a block body. */
export function functionsOf(source: SourceFile): FunctionSize[] {
  const bodies = bodiesOf(source).sort((a, b) => a.start - b.start)
  const lineAt = (offset: number) => source.text.slice(0, offset).split('\n').length
  const linesOf = (body: Body) => lineAt(body.end) - lineAt(body.start) + 1
  return bodies.map((body) => {
    const inside = bodies.filter((other) => other.start > body.start && other.end < body.end)
    const nearest = inside.filter(
      (one) => !inside.some((other) => other.start < one.start && other.end > one.end),
    )
    const theirs = nearest.reduce((sum, other) => sum + linesOf(other) - 1, 0)
    return { line: lineAt(body.start), lines: linesOf(body) - theirs, parameters: body.parameters }
  })
}

function bodiesOf(source: SourceFile): Body[] {
  const found: Body[] = []
  const see = ({ body, params }: FunctionNode) => {
    if (body === null || !/^(BlockStatement|FunctionBody)$/.test(body.type)) return
    found.push({ start: body.start, end: body.end, parameters: params.length })
  }
  const visitor = new Visitor({
    FunctionDeclaration: see,
    FunctionExpression: see,
    ArrowFunctionExpression: see,
  })
  visitor.visit(parseSync(source.path, source.text).program)
  return found
}
