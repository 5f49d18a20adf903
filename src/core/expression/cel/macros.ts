// What looks like a call but decides itself when its arguments are evaluated.
import type { Context } from './compile.ts'
import { errorCost, type Frame, failAt, type Run, type Span, spend } from './frame.ts'
import { sortBy } from './functions/list.ts'
import { compileHas } from './members.ts'
import { article } from './operators.ts'
import { isNamespace } from './references.ts'
import type { ASTNode } from './syntax.ts'
import { isMap, isOptional, none, optional, unwrap, type Value } from './values.ts'

type Compile = (node: ASTNode, context: Context) => Run
export type Macro = (context: Context, compile: Compile) => Run
type Call = Extract<ASTNode, { op: 'call' | 'rcall' }>

export function macroOf(node: Call, context: Context): Macro | undefined {
  if (node.op === 'call') return node.args[0] === 'has' ? has(node) : undefined
  const [name, receiver, args] = node.args
  if (isNamespace(receiver, context.locals)) return namespaced(`${receiver.args}.${name}`, node, args)
  if (Object.hasOwn(loops, name)) return comprehension(loops[name] as Loop, node, [receiver, ...args])
  if (Object.hasOwn(optionals, name)) return optionals[name]?.(receiver, args, node)
  return undefined
}

function has(node: Call): Macro {
  const args = node.args[1] as ASTNode[]
  const [only] = args
  if (args.length !== 1 || !only) return failAt([node.start, node.end], 'has(…) takes one argument')
  return (context, compile) => compileHas(only, context, compile)
}

function namespaced(name: string, node: Call, args: readonly ASTNode[]): Macro {
  const [first, second, third] = args
  if (name === 'optional.none' && args.length === 0) return () => () => none
  if (name === 'optional.of' && first && args.length === 1) {
    return (context, compile) => {
      const value = compile(first, context)
      return (frame) => optional(value(frame))
    }
  }
  if (name === 'cel.bind' && first?.op === 'id' && second && third && args.length === 3) {
    return bind(first.args, second, third)
  }
  return failAt([node.start, node.end], `there is no function '${name}' with these arguments`)
}

function bind(name: string, value: ASTNode, body: ASTNode): Macro {
  return (context, compile) => {
    const bound = compile(value, context)
    const [slot, inner] = declare(name, context)
    const run = compile(body, inner)
    return (frame) => {
      frame.slots[slot] = bound(frame)
      return run(frame)
    }
  }
}

function declare(name: string, context: Context): [slot: number, inner: Context] {
  const slot = context.totals.slots
  context.totals.slots += 1
  return [slot, { ...context, locals: new Map([...context.locals, [name, slot]]) }]
}

/** Gets the items and the compiled expressions that read the variable; `each` sets it. */
type Loop = (loop: LoopRun, frame: Frame) => Value
interface LoopRun {
  items: readonly Value[]
  /** The first body for one item. */
  each: (item: Value) => Value
  /** The same as a condition. */
  test: (item: Value) => boolean
  /** The second body for the item of the last `each` or `test`, if there is one. */
  second: (() => Value) | undefined
}

const loops: Readonly<Record<string, Loop>> = {
  all: (loop, frame) => decide(loop, false, frame),
  exists: (loop, frame) => decide(loop, true, frame),
  exists_one: ({ items, test }) => items.filter(test).length === 1,
  existsOne: ({ items, test }) => items.filter(test).length === 1,
  filter: ({ items, test }) => items.filter(test),
  map: ({ items, each, test, second }) =>
    second ? items.flatMap((item) => (test(item) ? [second()] : [])) : items.map(each),
  sortBy: ({ items, each }, frame) => sortBy([...items], items.map(each), frame),
}

/** `all` and `exists`: one item that decides wins over errors of others. */
function decide({ items, test }: LoopRun, deciding: boolean, frame: Frame): boolean {
  let failure: { error: unknown } | undefined
  for (const item of items) {
    try {
      if (test(item) === deciding) return deciding
    } catch (error) {
      spend(frame, errorCost)
      failure ??= { error }
    }
  }
  if (failure) throw failure.error
  return !deciding
}

function comprehension(loop: Loop, node: Call, parts: readonly ASTNode[]): Macro {
  const [range, variable, body, second] = parts
  const span: Span = [node.start, node.end]
  const isMapping = loop === loops.map
  if (!range || !body || variable?.op !== 'id' || parts.length > (isMapping ? 4 : 3)) {
    return failAt(
      span,
      `'${node.args[0]}' wants a variable and an expression, as in list.${node.args[0]}(x, x.name)`,
    )
  }
  return (context, compile) => {
    const list = compile(range, context)
    const before = context.totals.nodes
    const [slot, inner] = declare(variable.args, context)
    const bodies = { first: compile(body, inner), second: second && compile(second, inner) }
    const fixed = {
      slot,
      cost: context.totals.nodes - before,
      span: [body.start, body.end] as const,
      ...bodies,
    }
    return (frame) =>
      runLoop(loop, { items: itemsOf(list(frame), [range.start, range.end]), ...fixed }, frame)
  }
}

interface Bodies {
  items: readonly Value[]
  slot: number
  /** Of one round. */
  cost: number
  span: Span
  first: Run
  second: Run | undefined
}

function runLoop(loop: Loop, { items, slot, cost, span, first, second }: Bodies, frame: Frame): Value {
  const each = (item: Value): Value => {
    spend(frame, cost)
    frame.slots[slot] = item
    return unwrap(first(frame))
  }
  const test = (item: Value): boolean => {
    const value = each(item)
    return typeof value === 'boolean'
      ? value
      : failAt(span, `expected true or false, found ${article(value)}`)
  }
  return loop({ items, each, test, second: second && (() => unwrap(second(frame))) }, frame)
}

function itemsOf(value: Value, span: Span): readonly Value[] {
  const range = unwrap(value)
  if (Array.isArray(range)) return range
  if (isMap(range)) return Object.keys(range)
  return failAt(span, `expected a list or a map, found ${article(range)}`)
}

type OptionalMacro = (receiver: ASTNode, args: readonly ASTNode[], node: Call) => Macro

/** A plain value counts as present, null as absent: `x.orValue('-')` works on both. */
const optionals: Readonly<Record<string, OptionalMacro>> = {
  orValue: withDefault((value, present, fallback) => (present ? value : fallback())),
  or: withDefault((value, present, fallback) => (present ? optional(value) : fallback())),
  hasValue: (receiver) => (context, compile) => {
    const run = compile(receiver, context)
    return (frame) => presentValue(run(frame)) !== undefined
  },
  value: (receiver) => (context, compile) => {
    const run = compile(receiver, context)
    const span: Span = [receiver.start, receiver.end]
    return (frame) => presentValue(run(frame)) ?? failAt(span, 'there is no value')
  },
}

function presentValue(value: Value): Value | undefined {
  const inner = isOptional(value) ? value.value : value
  return inner === null ? undefined : inner
}

function withDefault(
  choose: (value: Value, present: boolean, fallback: () => Value) => Value,
): OptionalMacro {
  return (receiver, [argument, ...more], node) => {
    if (!argument || more.length > 0)
      return failAt([node.start, node.end], `'${node.args[0]}' takes one argument`)
    return (context, compile) => {
      const run = compile(receiver, context)
      const fallback = compile(argument, context)
      return (frame) => {
        const value = presentValue(run(frame))
        return choose(value ?? null, value !== undefined, () => fallback(frame))
      }
    }
  }
}
