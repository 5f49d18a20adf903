// The table: who, which version, which durability class, what, their figure, ours, the ratio, the bar.
import { classOf, type Peer } from './catalogue.ts'
import type { Verdict } from './compare.ts'

const columns = [
  'peer',
  'class: theirs / ours',
  'measure',
  'in flight: theirs / ours',
  'theirs',
  'ours',
  'ours ÷ theirs',
  'bar',
  '',
]

export function printHeader(peer: Peer): void {
  const [[name, version] = []] = Object.entries(peer.packages)
  process.stdout.write(`\n${peer.name}: ${name} ${version}, started ${peer.startedBy}\n`)
}

export function printVerdicts(lines: readonly { peer: Peer; verdict: Verdict }[]): void {
  const rows = [columns, ...lines.map(({ peer, verdict }) => cells(peer, verdict))]
  const widths = columns.map((_, n) => Math.max(...rows.map((row) => row[n]?.length ?? 0)))
  for (const row of rows) {
    process.stdout.write(
      `${row
        .map((cell, n) => cell.padEnd(widths[n] ?? 0))
        .join('  ')
        .trimEnd()}\n`,
    )
  }
}

function cells(peer: Peer, verdict: Verdict): string[] {
  const { match, inFlight, ratio, deviation, met } = verdict
  return [
    `${peer.name} ${Object.values(peer.packages)[0]}`,
    `${peer.class} / ${classOf[match.ours]}`,
    `W10 ${match.measure}`,
    `${inFlight.theirs} / ${inFlight.ours}`,
    format(verdict.theirs),
    format(verdict.ours),
    `${format(ratio)} ± ${format(deviation)}`,
    bar(match),
    met === undefined ? '' : met ? 'met' : 'NOT MET',
  ]
}

function bar({ atLeast, atMost }: Verdict['match']): string {
  if (atLeast !== undefined) return `≥ ${atLeast}`
  return atMost === undefined ? 'none' : `≤ ${atMost}`
}

function format(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en-US') : value.toPrecision(3)
}
