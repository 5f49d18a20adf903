// Which variables an expression reads, as far as its text tells.
import type { Span } from './frame.ts'
import type { ASTNode } from './syntax.ts'

/** `nodes.restart.output` is root `nodes`, path `['restart', 'output']`. */
export interface Reference {
  root: string
  path: string[]
}

export interface LocatedReference extends Reference {
  span: Span
}

type Locals = ReadonlySet<string>

/** Static chains of members, longest first found; variables of comprehensions are left out. */
export function collectReferences(ast: ASTNode): LocatedReference[] {
  const found: LocatedReference[] = []
  visit(ast, new Set(), found)
  return found
}

function visit(node: ASTNode, locals: Locals, found: LocatedReference[]): void {
  const chain = chainOf(node)
  if (chain) {
    if (!locals.has(chain.root)) found.push(chain)
    return
  }
  for (const [child, inner] of childrenOf(node, locals)) visit(child, inner, found)
}

function chainOf(node: ASTNode): LocatedReference | undefined {
  if (node.op === 'id') return { root: node.args, path: [], span: [node.start, node.end] }
  const member = memberOf(node)
  const base = member && chainOf(member.base)
  return base && { root: base.root, path: [...base.path, member.name], span: [base.span[0], node.end] }
}

function memberOf(node: ASTNode): { base: ASTNode; name: string } | undefined {
  if (node.op === '.' || node.op === '.?') return { base: node.args[0], name: node.args[1] }
  if (node.op !== '[]' && node.op !== '[?]') return undefined
  const [base, index] = node.args
  return index.op === 'value' && typeof index.args === 'string' ? { base, name: index.args } : undefined
}

const withLocals = (nodes: readonly ASTNode[], locals: Locals): [ASTNode, Locals][] =>
  nodes.map((node) => [node, locals])

function childrenOf(node: ASTNode, locals: Locals): [ASTNode, Locals][] {
  switch (node.op) {
    case 'value':
    case 'id':
      return []
    case '.':
    case '.?':
      return [[node.args[0], locals]]
    case '!_':
    case '-_':
      return [[node.args, locals]]
    case 'call':
      return withLocals(node.args[1], locals)
    case 'rcall':
      return callChildren(node.args, locals)
    case 'map':
      return withLocals(node.args.flat(), locals)
    default:
      return withLocals(node.args, locals)
  }
}

/** Names of the macros `list.name(variable, …)`; see `macros.ts`. */
export const comprehensionNames = new Set([
  'all',
  'exists',
  'exists_one',
  'existsOne',
  'map',
  'filter',
  'sortBy',
])

type CallArgs = Extract<ASTNode, { op: 'rcall' }>['args']

function callChildren([name, receiver, args]: CallArgs, locals: Locals): [ASTNode, Locals][] {
  const [variable, ...rest] = args
  if (isNamespace(receiver, locals)) {
    if (name !== 'bind' || variable?.op !== 'id') return withLocals(args, locals)
    const [value, body] = rest
    return [
      ...withLocals(value ? [value] : [], locals),
      ...withLocals(body ? [body] : [], join(locals, variable)),
    ]
  }
  if (comprehensionNames.has(name) && variable?.op === 'id') {
    return [[receiver, locals], ...withLocals(rest, join(locals, variable))]
  }
  return withLocals([receiver, ...args], locals)
}

const join = (locals: Locals, variable: ASTNode & { op: 'id' }): Locals => new Set([...locals, variable.args])

/** `cel` and `optional` are names of function groups, unless a variable is called so. */
export function isNamespace(
  node: ASTNode,
  locals: { has(name: string): boolean },
): node is ASTNode & { op: 'id' } {
  return node.op === 'id' && (node.args === 'cel' || node.args === 'optional') && !locals.has(node.args)
}
