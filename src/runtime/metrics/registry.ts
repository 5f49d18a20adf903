// Metrics in the text format of Prometheus. Counting is a lookup and an addition; whatever costs more is done when
// somebody reads. Our own, because the usual client hashes its labels anew for each observation.

/** One line of a counter. `series.value++` counts. */
export interface Series {
  value: number
}

export interface Counter {
  /** The series of these label values, in the order of the labels; made when first asked for. */
  at(...labels: readonly string[]): Series
}

export interface Distribution {
  /** Per bound, how many observations were at most so much and more than the bound before; the last one: the rest. */
  counts: number[]
  sum: number
  count: number
}

export interface Histogram {
  at(...labels: readonly string[]): Distribution
  observe(distribution: Distribution, value: number): void
}

export interface Sample {
  labels?: readonly (string | number | boolean)[]
  value: number
}

export interface Describes {
  name: string
  help: string
  labels?: readonly string[]
}

export interface Registry {
  counter(of: Describes): Counter
  histogram(of: Describes & { bounds: readonly number[] }): Histogram
  /** Read when asked: no value is kept. */
  gauge(of: Describes & { type?: 'counter' }, read: () => Iterable<Sample>): void
  text(): string
}

export function createRegistry(): Registry {
  const parts: (() => string)[] = []
  return {
    counter(of) {
      const series = byLabels<Series>(() => ({ value: 0 }))
      parts.push(() => heading(of, 'counter') + lines(of, series.all(), ({ value }) => [['', '', value]]))
      return { at: series.at }
    },
    histogram(of) {
      const { bounds } = of
      const series = byLabels<Distribution>(() => emptyDistribution(bounds.length))
      parts.push(
        () => heading(of, 'histogram') + lines(of, series.all(), (point) => bucketsOf(bounds, point)),
      )
      return { at: series.at, observe: (point, value) => observe(bounds, point, value) }
    },
    gauge(of, read) {
      parts.push(() => {
        const samples = [...read()].map(({ labels = [], value }) => ({ labels: labels.map(String), value }))
        const all = samples.map(({ labels, value }) => ({ labels, point: { value } }))
        return heading(of, of.type ?? 'gauge') + lines(of, all, ({ value }) => [['', '', value]])
      })
    },
    text: () => parts.map((part) => part()).join(''),
  }
}

function emptyDistribution(bounds: number): Distribution {
  return { counts: new Array<number>(bounds + 1).fill(0), sum: 0, count: 0 }
}

function observe(bounds: readonly number[], point: Distribution, value: number): void {
  let n = 0
  while (n < bounds.length && value > (bounds[n] as number)) n++
  point.counts[n] = (point.counts[n] as number) + 1
  point.sum += value
  point.count++
}

/** The value that this share of the observations stays below, as well as the buckets tell. */
export function quantile(bounds: readonly number[], { counts, count }: Distribution, share: number): number {
  let left = share * count
  for (const [n, upper] of bounds.entries()) {
    const here = counts[n] as number
    const lower = bounds[n - 1] ?? 0
    if (here > 0 && left <= here) return lower + ((upper - lower) * left) / here
    left -= here
  }
  return count === 0 ? 0 : (bounds.at(-1) ?? 0)
}

interface Branch<T> {
  next: Map<string, Branch<T>>
  point?: T
}

interface Labelled<T> {
  labels: readonly string[]
  point: T
}

function byLabels<T>(make: () => T): { at(...labels: readonly string[]): T; all(): readonly Labelled<T>[] } {
  const root: Branch<T> = { next: new Map() }
  const all: Labelled<T>[] = []
  return {
    at(...labels) {
      let branch = root
      for (const label of labels) {
        let next = branch.next.get(label)
        if (!next) {
          next = { next: new Map() }
          branch.next.set(label, next)
        }
        branch = next
      }
      if (branch.point === undefined) {
        branch.point = make()
        all.push({ labels, point: branch.point })
      }
      return branch.point
    },
    all: () => all,
  }
}

function bucketsOf(bounds: readonly number[], { counts, sum, count }: Distribution): Line[] {
  let below = 0
  const buckets = [...bounds, '+Inf'].map((bound, n): Line => {
    below += counts[n] as number
    return ['_bucket', `le="${bound}"`, below]
  })
  return [...buckets, ['_sum', '', sum], ['_count', '', count]]
}

type Line = [suffix: string, label: string, value: number]

const heading = ({ name, help }: Describes, type: string): string =>
  `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`

function lines<T>(
  { name, labels = [] }: Describes,
  all: readonly Labelled<T>[],
  linesOf: (point: T) => Line[],
): string {
  return all
    .flatMap((series) => {
      const given = labels.map((label, n) => `${label}="${escaped(series.labels[n] ?? '')}"`)
      return linesOf(series.point).map(([suffix, label, value]) => {
        const pairs = label === '' ? given : [...given, label]
        return `${name}${suffix}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${value}\n`
      })
    })
    .join('')
}

const escaped = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
