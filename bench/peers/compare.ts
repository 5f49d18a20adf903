// Pairs of loads, ours and theirs in turns, and what their paired ratios say.
import { median } from '../run/median.ts'
import type { BenchOptions } from '../run/workload.ts'
import type { Match } from './catalogue.ts'
import type { Child } from './child.ts'
import type { LoadResult, Work } from './protocol.ts'

export interface Sides {
  theirs: Child
  ours: Child
  /** Before each load, so that none pays for the writes of the one before. */
  settle(): Promise<void>
}

export interface Pair {
  theirs: LoadResult
  ours: LoadResult
}

export interface Verdict {
  inFlight: { theirs: number; ours: number }
  /** Medians, in executions or node runs per second or in ms. */
  theirs: number
  ours: number
  /** Median of the paired ratios ours ÷ theirs, and the median of how far each is from it. */
  ratio: number
  deviation: number
  pairs: readonly Pair[]
}

const candidates = [8, 64, 256]

export async function compare(sides: Sides, match: Match, options: BenchOptions): Promise<Verdict> {
  const theirs = { child: sides.theirs, work: 'w10' } as const
  const ours = { child: sides.ours, work: match.ours.work }
  const inFlight = { theirs: await chooseInFlight(theirs, match), ours: await chooseInFlight(ours, match) }
  const ms = options.seconds * 1000
  const run = {
    async theirs() {
      await sides.settle()
      return sides.theirs.load({ work: 'w10', inFlight: inFlight.theirs, ms })
    },
    async ours() {
      await sides.settle()
      return sides.ours.load({ work: match.ours.work, inFlight: inFlight.ours, ms })
    },
  }
  const pairs: Pair[] = []
  for (let n = 0; n < options.rounds; n++) pairs.push(await runPair(run, n % 2 === 0))
  return { inFlight, ...judge(match, pairs), pairs }
}

type Run = { readonly [side in 'theirs' | 'ours']: () => Promise<LoadResult> }

/** The order changes each time: whoever goes second may find warmer caches. */
async function runPair(run: Run, oursFirst: boolean): Promise<Pair> {
  if (oursFirst) return { ours: await run.ours(), theirs: await run.theirs() }
  return { theirs: await run.theirs(), ours: await run.ours() }
}

/** Also the warm-up: nothing of these loads is counted. */
async function chooseInFlight({ child, work }: { child: Child; work: Work }, match: Match): Promise<number> {
  let best = { inFlight: 0, rate: -1 }
  for (const inFlight of match.inFlight === 'best' ? candidates : [match.inFlight]) {
    const { completed, seconds } = await child.load({ work, inFlight, ms: 1500 })
    if (completed / seconds > best.rate) best = { inFlight, rate: completed / seconds }
  }
  return best.inFlight
}

function judge(
  match: Match,
  pairs: readonly Pair[],
): Pick<Verdict, 'theirs' | 'ours' | 'ratio' | 'deviation'> {
  const figures = pairs.map(({ theirs, ours }) => ({
    theirs: figureOf(theirs, match),
    ours: figureOf(ours, match),
  }))
  const ratios = figures.map(({ theirs, ours }) => ours / theirs)
  const ratio = median(ratios)
  return {
    theirs: median(figures.map(({ theirs }) => theirs)),
    ours: median(figures.map(({ ours }) => ours)),
    ratio,
    deviation: median(ratios.map((each) => Math.abs(each - ratio))),
  }
}

function figureOf({ completed, seconds, p50 }: LoadResult, { measure }: Match): number {
  if (measure === 'p50 per node run') return p50 / 10
  return (completed / seconds) * (measure === 'node runs' ? 10 : 1)
}
