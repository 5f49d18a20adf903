// Where the time slider has its ticks, and the next happening on either side. Pure.
import type { Happening } from './history.ts'
import type { TimeScale } from './time-scale.ts'

export interface Mark {
  /** 0…`columns` */
  x: number
  /** Name of a colour of the theme. */
  color: 'red-fg' | 'amber-fg' | 'line-strong'
}

const weights = { 'line-strong': 0, 'amber-fg': 1, 'red-fg': 2 }

/** One mark for each column something happened in: the weightiest. */
export function scrubberMarks(happenings: readonly Happening[], scale: TimeScale, columns: number): Mark[] {
  const found = new Map<number, Mark['color']>()
  for (const happening of happenings) {
    const x = Math.min(columns - 1, Math.floor(scale.at(Date.parse(happening.at)) * columns))
    const color = colorOf(happening)
    const known = found.get(x)
    if (known === undefined || weights[color] > weights[known]) found.set(x, color)
  }
  return [...found].map(([x, color]) => ({ x, color }))
}

const bad = new Set(['failed', 'error', 'timed-out', 'rejected'])

function colorOf(happening: Happening): Mark['color'] {
  if (happening.kind === 'act') return 'amber-fg'
  return happening.kind === 'ended' && bad.has(happening.status) ? 'red-fg' : 'line-strong'
}

/** `times` in order. */
export const nextTime = (times: readonly number[], moment: number): number | undefined =>
  times.find((time) => time > moment)

export const previousTime = (times: readonly number[], moment: number): number | undefined =>
  times.findLast((time) => time < moment)
