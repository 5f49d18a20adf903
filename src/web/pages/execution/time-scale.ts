// Times on a line: stretches in which nothing works are folded, or a wait of a night leaves no room for the rest. Pure.

export interface Stretch {
  from: number
  to: number
}

export interface TimeScale {
  from: number
  to: number
  /** Where a time lies, 0…1. */
  at(time: number): number
  /** Which time lies there. */
  timeAt(fraction: number): number
  /** Stretches drawn shorter than they were. */
  folds: readonly Stretch[]
}

interface Piece extends Stretch {
  /** Length as drawn. */
  drawn: number
  /** What is drawn before it. */
  before: number
}

/** `busy`: when something worked, in any order. */
export function timeScale(range: Stretch, busy: readonly Stretch[], fold: boolean): TimeScale {
  const { from } = range
  const to = Math.max(range.to, from + 1)
  const pieces = fold ? foldIdle({ from, to }, busy) : [{ from, to, drawn: to - from, before: 0 }]
  const total = pieces.reduce((sum, piece) => sum + piece.drawn, 0)
  return {
    from,
    to,
    at(time) {
      const piece = pieces[lastIndex(pieces, (one) => one.from <= time)] ?? pieces[0]
      if (!piece) return 0
      const share = Math.min(1, Math.max(0, (time - piece.from) / (piece.to - piece.from)))
      return (piece.before + share * piece.drawn) / total
    },
    timeAt(fraction) {
      const drawn = Math.min(1, Math.max(0, fraction)) * total
      const piece = pieces[lastIndex(pieces, (one) => one.before <= drawn)] ?? pieces[0]
      if (!piece) return from
      return piece.from + ((drawn - piece.before) / piece.drawn) * (piece.to - piece.from)
    },
    folds: pieces.filter((piece) => piece.drawn < piece.to - piece.from),
  }
}

function lastIndex(pieces: readonly Piece[], fits: (piece: Piece) => boolean): number {
  let low = 0
  let high = pieces.length
  while (low < high) {
    const middle = (low + high) >> 1
    const piece = pieces[middle]
    if (piece && fits(piece)) low = middle + 1
    else high = middle
  }
  return low - 1
}

const shortestFoldMs = 500

function foldIdle(range: Stretch, busy: readonly Stretch[]): Piece[] {
  const worked = merge(range, busy)
  const longest = Math.max(shortestFoldMs, worked.reduce((sum, { from, to }) => sum + to - from, 0) / 4)
  const pieces: Piece[] = []
  let before = 0
  const add = ({ from, to }: Stretch, limit: number) => {
    if (to <= from) return
    const drawn = Math.min(to - from, limit)
    pieces.push({ from, to, drawn, before })
    before += drawn
  }
  let at = range.from
  for (const stretch of worked) {
    add({ from: at, to: stretch.from }, longest)
    add(stretch, Number.POSITIVE_INFINITY)
    at = stretch.to
  }
  add({ from: at, to: range.to }, longest)
  return pieces
}

/** In order, without overlaps, inside the range. */
function merge(range: Stretch, stretches: readonly Stretch[]): Stretch[] {
  const merged: Stretch[] = []
  for (const { from, to } of stretches.toSorted((a, b) => a.from - b.from)) {
    const last = merged.at(-1)
    const inside = { from: Math.max(range.from, from), to: Math.min(range.to, to) }
    if (last && inside.from <= last.to) last.to = Math.max(last.to, inside.to)
    else if (inside.to >= inside.from) merged.push(inside)
  }
  return merged
}

const steps = [1, 2, 5, 10, 20, 50, 100, 200, 500]
  .concat([1, 2, 5, 10, 15, 30].map((seconds) => seconds * 1000))
  .concat([1, 2, 5, 10, 15, 30].map((minutes) => minutes * 60_000))
  .concat([1, 2, 3, 6, 12, 24, 48, 168].map((hours) => hours * 3_600_000))

/** Labels of so much and more tell whole seconds. */
const wholeSecondsMs = 9950

/** Round times since the start, each no nearer to the last than `gap` (of 1); as round as it is crowded there. */
export function ticks(scale: TimeScale, gap: number): { at: number; ms: number }[] {
  const marks = [{ at: 0, ms: 0 }]
  const since = (fraction: number) => scale.timeAt(fraction) - scale.from
  for (let x = gap; x <= 1 - gap / 2; ) {
    const wanted = since(x)
    const least = Math.max(since(Math.min(1, x + gap)) - wanted, wanted < wholeSecondsMs ? 0 : 1000)
    const step = steps.find((size) => size >= least) ?? steps.at(-1) ?? 1
    const ms = Math.ceil(wanted / step) * step
    const at = scale.at(scale.from + ms)
    if (at < 1 && at - x <= gap) {
      marks.push({ at, ms })
      x = at + gap
    } else x += gap / 4
  }
  return marks
}
