// Boxes that are stacked and set side by side, with the lines between them; places are known once all are put together.
import { type Place, type Point, portFraction } from './elk-graph.ts'

/** A line on its way down: where it leaves one box or enters the next. */
export type Ends = ReadonlyMap<string, number>

export interface Block {
  width: number
  height: number
  /** What is above and below is centred here. */
  axis: number
  /** Distance from the left at its upper side, by edge. */
  entries: Ends
  /** At its lower side. */
  exits: Ends
  draw(at: Point, sheet: Sheet): void
}

export interface Sheet {
  node(id: string, place: Place): void
  line(edge: string, ...points: Point[]): void
  label(edge: string, at: Point): void
}

const gap = 28
const channel = { least: 36, above: 14, track: 8, label: 24 }

interface BoxOptions {
  id: string
  size: { width: number; height: number }
  entries: readonly string[]
  /** By port, in the order of the ports. */
  exits: readonly (readonly string[])[]
}

/** In whole pixels, so that sums of places are exact. */
export const portPlace = (width: number, index: number, count: number): number =>
  Math.round(width * portFraction(index, count))

export function box({ id, size, entries, exits }: BoxOptions): Block {
  const { width, height } = size
  const leaving = exits.flatMap((edges, index) =>
    edges.map((edge) => [edge, portPlace(width, index, exits.length)] as const),
  )
  return {
    ...size,
    axis: width / 2,
    entries: new Map(entries.map((edge) => [edge, width / 2])),
    exits: new Map(leaving),
    draw({ x, y }, sheet) {
      sheet.node(id, { x, y, width, height })
      for (const [edge, from] of leaving) sheet.line(edge, { x: x + from, y: y + height })
    },
  }
}

/** Only a line, past what stands beside it. */
export function wire(edge: string, width: number): Block {
  const ends = new Map([[edge, 0]])
  return { width, height: 0, axis: 0, entries: ends, exits: ends, draw: () => undefined }
}

export function beside(blocks: readonly Block[]): Block {
  const [only] = blocks
  if (only && blocks.length === 1) return only
  let width = 0
  const lefts = blocks.map((block, index) => {
    const left = width + (index === 0 ? 0 : gap)
    width = left + block.width
    return left
  })
  const ends = (of: 'entries' | 'exits') =>
    new Map(blocks.flatMap((block, index) => [...moved(block[of], lefts[index] ?? 0)]))
  const going = blocks.findIndex((block) => block.exits.size > 0)
  // Where all but one end, that one goes straight on.
  const isOnly = going >= 0 && blocks.every((block, index) => index === going || block.exits.size === 0)
  return {
    width,
    height: Math.max(0, ...blocks.map((block) => block.height)),
    axis: isOnly ? (lefts[going] ?? 0) + (blocks[going]?.axis ?? 0) : width / 2,
    entries: ends('entries'),
    exits: ends('exits'),
    draw: ({ x, y }, sheet) => {
      for (const [index, block] of blocks.entries()) block.draw({ x: x + (lefts[index] ?? 0), y }, sheet)
    },
  }
}

const moved = (ends: Ends, by: number) => [...ends].map(([edge, x]) => [edge, x + by] as const)

/** `labels`: width of the chip that stands where a line enters what is below, by edge. */
export function above(upper: Block, lower: Block, labels: ReadonlyMap<string, number>): Block {
  const axis = Math.max(upper.axis, lower.axis)
  const right = Math.max(upper.width - upper.axis, lower.width - lower.axis)
  const [fromLeft, toLeft] = [axis - upper.axis, axis - lower.axis]
  const from = new Map(moved(upper.exits, fromLeft))
  const to = new Map(moved(lower.entries, toLeft))
  const { tracks, count } = tracksOf(from, to)
  const named = [...to.keys()].filter((edge) => labels.has(edge))
  const room = channel.above + (count - 1) * channel.track
  const between = Math.max(channel.least, room + (named.length > 0 ? channel.label : channel.above))
  return {
    width: axis + right,
    height: upper.height + between + lower.height,
    axis,
    entries: new Map(moved(upper.entries, fromLeft)),
    exits: new Map(moved(lower.exits, toLeft)),
    draw({ x, y }, sheet) {
      upper.draw({ x: x + fromLeft, y }, sheet)
      const top = y + upper.height
      for (const [edge, entry] of to) {
        const exit = from.get(edge) ?? entry
        const track = top + channel.above + (tracks.get(edge) ?? 0) * channel.track
        if (exit !== entry) sheet.line(edge, { x: x + exit, y: track }, { x: x + entry, y: track })
        sheet.line(edge, { x: x + entry, y: top + between })
      }
      for (const edge of named) sheet.label(edge, { x: x + (to.get(edge) ?? 0) + 4, y: top + between - 19 })
      lower.draw({ x: x + toLeft, y: top + between }, sheet)
    },
  }
}

/**
 * How deep each line turns. Those that share an end share a track; of others that go to the left the leftmost turns first,
 * of those that go to the right the rightmost: so they do not cross.
 */
function tracksOf(from: Ends, to: Ends): { tracks: Map<string, number>; count: number } {
  const tracks = new Map<string, number>()
  const isJoin = new Set(to.values()).size === 1
  const starts = [...new Set([...to.keys()].map((edge) => from.get(edge) ?? 0))].sort((a, b) => a - b)
  const turning = (edge: string) => Math.sign((to.get(edge) ?? 0) - (from.get(edge) ?? 0))
  const side = (sign: number) =>
    starts.filter((start) =>
      [...to.keys()].some((edge) => from.get(edge) === start && turning(edge) === sign),
    )
  const [left, right] = [side(-1), side(1).reverse()]
  for (const edge of to.keys()) {
    const order = turning(edge) < 0 ? left : right
    tracks.set(edge, isJoin ? 0 : Math.max(0, order.indexOf(from.get(edge) ?? 0)))
  }
  return { tracks, count: Math.max(1, ...[...tracks.values()].map((track) => track + 1)) }
}
