// Ways into a JSON value: as an expression of ours, and by searching. Pure.

export type JsonPath = readonly (string | number)[]

const name = /^[A-Za-z_][A-Za-z0-9_]*$/
/** Words of CEL that no member may be named by after a dot. */
const reserved = new Set(['in', 'true', 'false', 'null'])

/** `nodes.restart.output` and `['lines', 0, 'exit code']` → `nodes.restart.output.lines[0]["exit code"]`. */
export function pathExpression(root: string, path: JsonPath): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`
    return name.test(part) && !reserved.has(part)
      ? text
        ? `${text}.${part}`
        : part
      : `${text}[${JSON.stringify(part)}]`
  }, root)
}

/** The output of a node, as expressions name it. */
export const outputExpression = (node: string): string => pathExpression('nodes', [node, 'output'])

export const pathKey = (path: JsonPath): string => JSON.stringify(path)

export interface Found {
  count: number
  /** There is more than is counted and shown. */
  isMore: boolean
  /** Keys of the paths to all that was found, from the root on. */
  shown: ReadonlySet<string>
}

const mostFound = 500

/** Names and values that contain the text, whatever the case; undefined when nothing is looked for. */
export function searchJson(value: unknown, text: string): Found | undefined {
  const wanted = text.trim().toLowerCase()
  if (wanted === '') return undefined
  const shown = new Set<string>()
  let count = 0
  let isMore = false
  const visit = (item: unknown, path: JsonPath): void => {
    if (isMore) return
    if (fits(item, path.at(-1), wanted)) {
      isMore = count === mostFound
      if (isMore) return
      count += 1
      for (let length = 0; length <= path.length; length++) shown.add(pathKey(path.slice(0, length)))
    }
    for (const [key, child] of members(item)) visit(child, [...path, key])
  }
  visit(value, [])
  return { count, isMore, shown }
}

const isScalar = (value: unknown): boolean => typeof value !== 'object' || value === null

function fits(item: unknown, name: string | number | undefined, wanted: string): boolean {
  const holds = (text: unknown) => String(text).toLowerCase().includes(wanted)
  return (name !== undefined && holds(name)) || (isScalar(item) && holds(item))
}

/** Names in objects, numbers in lists; nothing in values. */
export function members(value: unknown): [string | number, unknown][] {
  if (Array.isArray(value)) return [...value.entries()]
  return isScalar(value) ? [] : Object.entries(value as object)
}
