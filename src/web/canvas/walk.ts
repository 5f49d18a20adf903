// Arrow keys walk the graph by geometry: the nearest card in the direction of the key.
import type { Placement, Point } from './elk-graph.ts'
import type { DrawnNode } from './structure.ts'

export const arrowKeys = {
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
} as const
export type ArrowKey = keyof typeof arrowKeys

export const isArrowKey = (key: string): key is ArrowKey => key in arrowKeys

/** Places on the whole canvas. */
export function absolutePlaces(nodes: readonly DrawnNode[], placement: Placement): Map<string, Point> {
  const places = new Map<string, Point>()
  for (const node of nodes) {
    const place = placement.nodes[node.id]
    if (!place) continue
    const frame = places.get(node.parent ?? '') ?? { x: 0, y: 0 }
    places.set(node.id, { x: frame.x + place.x, y: frame.y + place.y })
  }
  return places
}

/** The id to go to, or undefined at the border. Distance aside counts double. */
export function neighbour(
  places: ReadonlyMap<string, Point>,
  from: string,
  key: ArrowKey,
): string | undefined {
  const start = places.get(from)
  if (!start) return undefined
  const [dx, dy] = arrowKeys[key]
  let best: { id: string; distance: number } | undefined
  for (const [id, place] of places) {
    const ahead = (place.x - start.x) * dx + (place.y - start.y) * dy
    const aside = Math.abs((place.x - start.x) * dy) + Math.abs((place.y - start.y) * dx)
    const distance = ahead + 2 * aside
    if (id !== from && ahead > 0 && (!best || distance < best.distance)) best = { id, distance }
  }
  return best?.id
}
