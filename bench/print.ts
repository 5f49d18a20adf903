// Figures as a table, with the bar they are held to.

export type Row = readonly [name: string, value: number]

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  if (sorted.length % 2 === 1) return sorted[middle] ?? Number.NaN
  return ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2
}

export interface Bar {
  value: number
  atLeast?: number
  atMost?: number
}

function format(value: number): string {
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US')
  return value.toPrecision(3)
}

export function printTable(title: string, rows: readonly Row[], bar?: Bar): void {
  const width = Math.max(...rows.map(([name]) => name.length))
  const lines = rows.map(([name, value]) => `  ${name.padEnd(width)}  ${format(value).padStart(9)}`)
  process.stdout.write(`${[title, ...lines, ...(bar ? [barLine(bar)] : [])].join('\n')}\n\n`)
}

function barLine({ value, atLeast, atMost }: Bar): string {
  const met = value >= (atLeast ?? Number.NEGATIVE_INFINITY) && value <= (atMost ?? Number.POSITIVE_INFINITY)
  if (!met) process.exitCode = 1
  const wanted = atLeast === undefined ? `at most ${atMost}` : `at least ${atLeast}`
  return `  bar: ${wanted}: ${met ? 'met' : 'NOT MET'}`
}
