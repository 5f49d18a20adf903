// Syntax tree → closures. Every variable of a comprehension has a slot of the frame; all else is in the scope.
import { errorCost, type Frame, fail, failAt, type Run, type Span, spend } from './frame.ts'
import { library } from './functions/library.ts'
import { type Macro, macroOf } from './macros.ts'
import { compileMember, compileOptionalMember } from './members.ts'
import { article, keyOf, operators } from './operators.ts'
import type { ASTNode } from './syntax.ts'
import { ownField, unwrap, type Value } from './values.ts'

export interface Context {
  readonly locals: ReadonlyMap<string, number>
  readonly depth: number
  /** Counted over the whole expression. */
  readonly totals: { slots: number; nodes: number }
}

/** Left-deep chains such as `a + b + …` count too, and JavaScript's stack is finite. */
const maxDepth = 400

export const spanOf = (node: ASTNode): Span => [node.start, node.end]

export function compileExpression(ast: ASTNode): Run {
  return compile(ast, { locals: new Map(), depth: 0, totals: { slots: 0, nodes: 0 } })
}

export function compile(node: ASTNode, outer: Context): Run {
  if (outer.depth > maxDepth) failAt(spanOf(node), 'the expression is nested too deeply')
  outer.totals.nodes += 1
  const context = { ...outer, depth: outer.depth + 1 }
  switch (node.op) {
    case 'value':
      return compileLiteral(node)
    case 'id':
      return compileVariable(node, context)
    case '.':
    case '[]':
      return compileMember(node, context, compile)
    case '.?':
    case '[?]':
      return compileOptionalMember(node, context, compile)
    case 'call':
    case 'rcall':
      return compileCall(node, context)
    case 'list':
      return compileList(node, context)
    case 'map':
      return compileMap(node, context)
    case '?:':
      return compileTernary(node, context)
    case '&&':
    case '||':
      return compileLogic(node, context)
    case '!_':
    case '-_':
      return compileUnary(node, context)
    default:
      return compileBinary(node, context)
  }
}

type Node<Op extends ASTNode['op']> = Extract<ASTNode, { op: Op }>

function compileLiteral(node: Node<'value'>): Run {
  const value = typeof node.args === 'bigint' ? Number(node.args) : plainLiteral(node)
  if (typeof value === 'number' && !Number.isFinite(value)) failAt(spanOf(node), 'the number is too large')
  return () => value
}

function plainLiteral({ args, ...node }: Node<'value'>): null | boolean | number | string {
  if (args === null || typeof args !== 'object') return args as Exclude<typeof args, bigint | object>
  if (args instanceof Uint8Array) return failAt([node.start, node.end], 'byte literals are not supported')
  return Number(args.valueOf())
}

function compileVariable(node: Node<'id'>, { locals }: Context): Run {
  const name = node.args
  const slot = locals.get(name)
  if (slot !== undefined) return (frame) => frame.slots[slot] as Value
  const span = spanOf(node)
  return (frame) => ownField(frame.scope, name) ?? nullOrMissing(frame, name, span)
}

function nullOrMissing(frame: Frame, name: string, span: Span): Value {
  return ownField(frame.scope, name) === null ? null : failAt(span, `there is no variable '${name}' here`)
}

function compileList(node: Node<'list'>, context: Context): Run {
  const items = node.args.map((item) => compile(item, context))
  return (frame) => items.map((item) => unwrap(item(frame)))
}

function compileMap(node: Node<'map'>, context: Context): Run {
  const entries = node.args.map(([key, value]) => [compile(key, context), compile(value, context)] as const)
  const span = spanOf(node)
  return (frame) => {
    const pairs = entries.map(([key, value]) => {
      const name = keyOf(key(frame), at(frame, span))
      return [
        name === '__proto__' ? fail(frame, 'a map cannot have the key __proto__') : name,
        unwrap(value(frame)),
      ] as const
    })
    return Object.fromEntries(pairs)
  }
}

function at(frame: Frame, span: Span): Frame {
  frame.span = span
  return frame
}

function compileTernary(node: Node<'?:'>, context: Context): Run {
  const [condition, yes, no] = node.args.map((part) => compile(part, context)) as [Run, Run, Run]
  const span = spanOf(node.args[0])
  return (frame) => (truth(condition(frame), span) ? yes(frame) : no(frame))
}

export function truth(result: Value, span: Span): boolean {
  const value = unwrap(result)
  return typeof value === 'boolean' ? value : failAt(span, `expected true or false, found ${article(value)}`)
}

/** As CEL has it: the side that decides wins, even over an error on the other side. */
function compileLogic(node: Node<'&&'> | Node<'||'>, context: Context): Run {
  const [left, right] = node.args.map((part) => compile(part, context)) as [Run, Run]
  const [leftSpan, rightSpan] = [spanOf(node.args[0]), spanOf(node.args[1])]
  const deciding = node.op === '||'
  return (frame) => {
    let first: boolean
    try {
      first = truth(left(frame), leftSpan)
    } catch (error) {
      spend(frame, errorCost)
      if (truth(right(frame), rightSpan) === deciding) return deciding
      throw error
    }
    return first === deciding ? first : truth(right(frame), rightSpan)
  }
}

function compileUnary(node: Node<'!_'> | Node<'-_'>, context: Context): Run {
  const operand = compile(node.args, context)
  const span = spanOf(node)
  if (node.op === '!_') return (frame) => !truth(operand(frame), span)
  return (frame) => {
    const value = unwrap(operand(frame))
    return typeof value === 'number' ? -value : failAt(span, `cannot use - with ${article(value)}`)
  }
}

function compileBinary(node: ASTNode, context: Context): Run {
  const operator = operators[node.op]
  if (!operator || !Array.isArray(node.args)) return failAt(spanOf(node), `unknown operator ${node.op}`)
  const [left, right] = (node.args as [ASTNode, ASTNode]).map((part) => compile(part, context)) as [Run, Run]
  const span = spanOf(node)
  return (frame) => {
    const a = unwrap(left(frame))
    const b = unwrap(right(frame))
    return operator(a, b, at(frame, span))
  }
}

function compileCall(node: Node<'call'> | Node<'rcall'>, context: Context): Run {
  const macro: Macro | undefined = macroOf(node, context)
  if (macro) return macro(context, compile)
  const name = node.args[0]
  const callee = library.get(name)
  if (!callee) return failAt(spanOf(node), `there is no function '${name}'`)
  const parts = node.op === 'call' ? node.args[1] : [node.args[1], ...node.args[2]]
  if (parts.length < callee.min || parts.length > callee.max) {
    failAt(
      spanOf(node),
      `'${name}' takes ${callee.min === callee.max ? callee.min : `${callee.min} to ${callee.max}`} arguments, the receiver included`,
    )
  }
  const args = parts.map((part) => compile(part, context))
  const span = spanOf(node)
  return (frame) => {
    const values = args.map((arg) => unwrap(arg(frame)))
    return callee.run(values, at(frame, span))
  }
}
