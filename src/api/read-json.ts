// Bodies are read here and nowhere else: what passes is safe to walk, to store and to hand on.
import { AppError } from '../core/errors.ts'
import type { Json } from '../core/json.ts'

const maxDepth = 64

/** Parses a JSON body. Throws `invalid-json`, or what `checkJson` throws. */
export function readJson(text: string): Json {
  let value: Json
  try {
    value = JSON.parse(text) as Json
  } catch (cause) {
    throw new AppError('invalid-json', cause instanceof Error ? cause.message : 'Not JSON', { cause })
  }
  checkJson(value)
  return value
}

interface Spot {
  value: unknown
  pointer: string
  depth: number
}

/**
 * Refuses what JSON allows and we cannot keep: nesting beyond 64 levels (`too-deep`), the key `__proto__`,
 * U+0000 and lone surrogates (PostgreSQL text has neither), numbers beyond a double. Walks without recursion.
 */
export function checkJson(value: unknown): void {
  const stack: Spot[] = [{ value, pointer: '', depth: 0 }]
  for (let spot = stack.pop(); spot; spot = stack.pop()) {
    if (typeof spot.value === 'object' && spot.value !== null) stack.push(...childrenOf(spot, spot.value))
    else checkScalar(spot)
  }
}

function childrenOf(spot: Spot, container: object): Spot[] {
  if (spot.depth >= maxDepth)
    throw new AppError('too-deep', `More than ${maxDepth} levels of nesting`, {
      pointer: spot.pointer,
      why: { key: 'too-many-levels', limit: maxDepth },
    })
  const keyed = !Array.isArray(container)
  return Object.entries(container).map(([key, value]: [string, unknown]) => {
    const pointer = `${spot.pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
    if (keyed) checkKey(key, spot.pointer)
    return { value, pointer, depth: spot.depth + 1 }
  })
}

function checkKey(key: string, pointer: string): void {
  if (key === '__proto__')
    throw new AppError('bad-request', 'The key __proto__ is not allowed', {
      pointer,
      why: { key: 'not-storable' },
    })
  if (!isStorable(key))
    throw new AppError('bad-request', 'A key holds U+0000 or a lone surrogate', {
      pointer,
      why: { key: 'not-storable' },
    })
}

function checkScalar({ value, pointer }: Spot): void {
  if (typeof value === 'string' && !isStorable(value))
    throw new AppError('bad-request', 'The text holds U+0000 or a lone surrogate', {
      pointer,
      why: { key: 'not-storable' },
    })
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new AppError('bad-request', 'The number is too large', { pointer, why: { key: 'not-storable' } })
}

const isStorable = (text: string) => !text.includes('\0') && text.isWellFormed()
