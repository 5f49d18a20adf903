// `a.b`, `a[b]`, `a.?b`, `a[?b]` and `has(a.b)`.
import type { Context } from './compile.ts'
import { type Frame, failAt, type Run, type Span } from './frame.ts'
import { article, keyOf } from './operators.ts'
import type { ASTNode } from './syntax.ts'
import { isMap, isOptional, none, optional, ownField, unwrap, type Value } from './values.ts'

type Compile = (node: ASTNode, context: Context) => Run
type Member = Extract<ASTNode, { op: '.' | '[]' }>
type OptionalMember = Extract<ASTNode, { op: '.?' | '[?]' }>

interface Access {
  base: Run
  key: Run
  /** Of the key. */
  span: Span
  /** The text of the base, for messages. */
  text: string
}

function accessOf(node: Member | OptionalMember, context: Context, compile: Compile): Access {
  const [left, right] = node.args
  const base = compile(left, context)
  const key = typeof right === 'string' ? () => right : compile(right, context)
  const span: Span = typeof right === 'string' ? [node.pos, node.end] : [right.start, right.end]
  return { base, key, span, text: node.input.slice(left.start, left.end) }
}

export function compileMember(node: Member, context: Context, compile: Compile): Run {
  const access = accessOf(node, context, compile)
  const name = node.args[1]
  if (typeof name === 'string' && !notOfJson.has(name)) return plainMember(access, name)
  return (frame) => memberOf(access, access.base(frame), frame)
}

function memberOf(access: Access, base: Value, frame: Frame): Value {
  const key = unwrap(access.key(frame))
  if (isOptional(base)) return optional(base.value === undefined ? undefined : find(base.value, key, frame))
  const value = find(base, key, frame)
  return value === undefined ? missing(access, base, key) : value
}

/** Own fields of values that are not JSON, and what no map may have: to be looked at with care. */
const notOfJson = new Set(['value', 'ms', '__proto__'])

/** Whatever has a field of this name as its own is a map: most members are that, and are found at once. */
function plainMember(access: Access, name: string): Run {
  return (frame) => {
    const base = access.base(frame)
    if (typeof base !== 'object' || base === null || Array.isArray(base)) return memberOf(access, base, frame)
    return ownField(base, name) ?? memberOf(access, base, frame)
  }
}

export function compileOptionalMember(node: OptionalMember, context: Context, compile: Compile): Run {
  const access = accessOf(node, context, compile)
  return (frame) => {
    const base = access.base(frame)
    const value = isOptional(base) ? base.value : base
    const found = value === undefined ? undefined : find(value, unwrap(access.key(frame)), frame)
    return found === undefined ? none : optional(found)
  }
}

/** The own field of a map or the item of a list; undefined when there is none. */
function find(base: Value, key: Value, frame: Frame): Value | undefined {
  if (Array.isArray(base)) return typeof key === 'number' ? base[key] : undefined
  if (!isMap(base) || key === '__proto__') return undefined
  return ownField(base, typeof key === 'string' ? key : keyOf(key, frame))
}

function missing({ span, text }: Access, base: Value, key: Value): never {
  const name = text.length > 60 ? `${text.slice(0, 57)}…` : text
  if (Array.isArray(base)) {
    const why =
      typeof key === 'number'
        ? `has ${base.length} items, no item ${key}`
        : `is a list, so it has no field '${key}'`
    return failAt(span, `'${name}' ${why}`)
  }
  const field = typeof key === 'object' ? article(key) : `'${key}'`
  const why = isMap(base) ? `has no field ${field}` : `is ${article(base)}, so it has no field ${field}`
  return failAt(span, `'${name}' ${why}`)
}

/** True when every member on the way exists; the first variable may be missing too. */
export function compileHas(node: ASTNode, context: Context, compile: Compile): Run {
  if (node.op !== '.' && node.op !== '.?' && node.op !== '[]' && node.op !== '[?]') {
    return failAt([node.start, node.end], 'has(…) wants a field, as in has(record.owner)')
  }
  const probe = compileProbe(node, context, compile)
  return (frame) => probe(frame) !== undefined
}

type Probe = (frame: Frame) => Value | undefined

function compileProbe(node: ASTNode, context: Context, compile: Compile): Probe {
  if (node.op === 'id' && !context.locals.has(node.args)) return (frame) => ownField(frame.scope, node.args)
  if (node.op !== '.' && node.op !== '.?' && node.op !== '[]' && node.op !== '[?]')
    return compile(node, context)
  const [left, right] = node.args
  const base = compileProbe(left, context, compile)
  const key = typeof right === 'string' ? () => right : compile(right, context)
  return (frame) => {
    const value = base(frame)
    const inner = isOptional(value) ? value.value : value
    return inner === undefined ? undefined : find(inner, unwrap(key(frame)), frame)
  }
}
