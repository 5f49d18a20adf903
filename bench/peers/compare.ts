// Pairs of loads, ours and theirs in turns, and what their paired ratios say.
import { median } from '../print.ts'
import type { Match, Peer } from './catalogue.ts'
import type { Child } from './child.ts'
import type { LoadResult, Work } from './protocol.ts'

export interface Sides {
  peer: Peer
  theirs: Child
  ours: Child
  /** Before each load, so that none pays for the writes of the one before. */
  settle(): Promise<void>
}

export interface Effort {
  seconds: number
  pairs: number
}

export interface Verdict {
  match: Match
  inFlight: { theirs: number; ours: number }
  theirs: number
  ours: number
  /** Median of the paired ratios ours ÷ theirs, and the median of how far each is from it. */
  ratio: number
  deviation: number
  /** Undefined without a bar. */
  met: boolean | undefined
  pairs: readonly { theirs: LoadResult; ours: LoadResult }[]
}

const candidates = [8, 64, 256]

export async function compare(sides: Sides, match: Match, { seconds, pairs }: Effort): Promise<Verdict> {
  const loads = {
    theirs: { child: sides.theirs, work: 'w10' },
    ours: { child: sides.ours, work: match.ours },
  } as const
  const inFlight = { theirs: 0, ours: 0 }
  for (const side of ['theirs', 'ours'] as const) inFlight[side] = await chooseInFlight(loads[side], match)
  const run = async (side: 'theirs' | 'ours'): Promise<LoadResult> => {
    await sides.settle()
    const { child, work } = loads[side]
    return child.load({ work, inFlight: inFlight[side], ms: seconds * 1000 })
  }
  const results: { theirs: LoadResult; ours: LoadResult }[] = []
  for (let n = 0; n < pairs; n++) results.push(await runPair(run, n % 2 === 0))
  return { match, inFlight, ...judge(match, results), pairs: results }
}

type Run = (side: 'theirs' | 'ours') => Promise<LoadResult>

/** The order changes each time: whoever goes second may find warmer caches. */
async function runPair(run: Run, oursFirst: boolean): Promise<{ theirs: LoadResult; ours: LoadResult }> {
  const ours = oursFirst ? await run('ours') : undefined
  const theirs = await run('theirs')
  return { theirs, ours: ours ?? (await run('ours')) }
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
  results: Verdict['pairs'],
): Pick<Verdict, 'theirs' | 'ours' | 'ratio' | 'deviation' | 'met'> {
  const figures = results.map((pair) => ({
    theirs: figureOf(pair.theirs, match),
    ours: figureOf(pair.ours, match),
  }))
  const ratios = figures.map(({ theirs, ours }) => ours / theirs)
  const ratio = median(ratios)
  const { atLeast, atMost } = match
  const hasBar = atLeast !== undefined || atMost !== undefined
  return {
    theirs: median(figures.map(({ theirs }) => theirs)),
    ours: median(figures.map(({ ours }) => ours)),
    ratio,
    deviation: median(ratios.map((each) => Math.abs(each - ratio))),
    met: hasBar ? ratio >= (atLeast ?? 0) && ratio <= (atMost ?? Number.POSITIVE_INFINITY) : undefined,
  }
}

function figureOf({ completed, seconds, p50 }: LoadResult, { measure }: Match): number {
  if (measure === 'p50 ms per node run') return p50 / 10
  return (completed / seconds) * (measure === 'node runs/s' ? 10 : 1)
}
