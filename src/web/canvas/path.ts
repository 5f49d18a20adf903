import type { Point } from './elk-graph.ts'

const radius = 6

/** SVG path through orthogonal bends, corners rounded. */
export function roundedPath(points: readonly Point[]): string {
  const [first, ...rest] = points
  if (!first) return ''
  const parts = [`M${first.x},${first.y}`]
  rest.forEach((point, index) => {
    const next = rest[index + 1]
    const before = index === 0 ? first : rest[index - 1]
    if (!next || !before) parts.push(`L${point.x},${point.y}`)
    else parts.push(corner(before, point, next))
  })
  return parts.join(' ')
}

function corner(before: Point, at: Point, next: Point): string {
  const enter = toward(at, before)
  const leave = toward(at, next)
  return `L${enter.x},${enter.y} Q${at.x},${at.y} ${leave.x},${leave.y}`
}

function toward(from: Point, to: Point): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y)
  if (length === 0) return from
  const part = Math.min(radius, length / 2) / length
  return { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part }
}
