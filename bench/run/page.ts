// The reference page and the section of the README, written from the results: no figure there was typed by hand.
import { formatFigure, isFailed, type Judged, judgeAll } from './print.ts'
import { barsOf, type Machine, type Result } from './results.ts'
import type { Row, Section } from './workload.ts'

/**
 * Of each workload the last result that was not quick, in the order of the names. Who measured some parts only, has
 * measured those anew and the others not.
 */
export function latestOf(results: readonly Result[]): Result[] {
  const latest = new Map<string, Result>()
  for (const result of results.filter(({ quick }) => !quick)) {
    const before = result.only ? (latest.get(result.workload)?.sections ?? []) : []
    const kept = before.filter(({ title }) => !result.sections.some((section) => section.title === title))
    latest.set(result.workload, { ...result, sections: [...kept, ...result.sections] })
  }
  return [...latest.values()].sort((a, b) => a.workload.localeCompare(b.workload))
}

const cell = (text: string) => text.replaceAll('|', '\\|')
const row = (...cells: string[]) => `| ${cells.map(cell).join(' | ')} |`

const introduction = `# Performance

Written by \`npm run bench -- all --record\` from \`bench/results/speed.jsonl\`; every figure was measured by that command, or by
\`npm run bench -- <workload> --record\`, on the machine named below. \`npm run bench\` lists the workloads.

All settings are those the product ships: \`fsync\` and \`synchronous_commit\` are on, and what is answered has been committed.
Load, engine and database share the cores. A figure is the median of the rounds; a ratio is the median of the ratios round
by round, since both sides were measured in turns. The *limit* is what the same machine does without an engine: the bare
loop writes a row for each node run into the same tables with the same driver, and nothing else. The engine writes the runs
of a turn as one row (ADR 31); beside the node runs of W10 inline stands the loop that does so too.

Classes of durability: **D2** commits each effect before the next begins; **D2b** (ours, for nodes without effects) commits
the state before anything depends on it, so ten inline nodes cost one commit. Of the others, **D1** (n8n, NocoBase) commits
start and end and **D0** nothing. Only figures of one class compare directly.
`

export function performancePage(results: readonly Result[]): string {
  const latest = latestOf(results)
  const judged = judgeAll(barsOf(latest))
  const failed = judged.filter(isFailed).length
  return [
    introduction,
    ...(latest[0] ? [`Machine: ${describe(latest[0].machine)}.`, ''] : []),
    '## Bars',
    '',
    `${judged.length - failed} of ${judged.length} without complaint, ${failed} not met.`,
    '',
    barTable(judged),
    '',
    '## Figures',
    '',
    ...latest.flatMap((result) => result.sections.map((section) => figureTable(section, result))),
  ].join('\n')
}

function describe({ cpus, cpu, memoryGb, os, node, postgres }: Machine): string {
  return `${cpus} cores${cpu && ` (${cpu})`}, ${memoryGb} GB, ${os}, Node ${node}, PostgreSQL ${postgres}`
}

function barTable(judged: readonly Judged[]): string {
  const lines = judged.map(({ measure, what, value, wanted, verdict, note }) =>
    row(measure, what, value, wanted, verdict, note),
  )
  return ['| measure | what | figure | bar | verdict | note |', '|---|---|---|---|---|---|', ...lines].join(
    '\n',
  )
}

function figureTable({ title, rows }: Section, { workload, at, rounds }: Result): string {
  const lines = rows.map(({ name, value, unit = '', ...limit }) =>
    row(name, `${formatFigure(value)} ${unit}`.trim(), ...limitOf(value, limit)),
  )
  return [
    `### ${title}`,
    '',
    `\`npm run bench -- ${workload}\`, ${at.slice(0, 10)}, ${rounds} rounds`,
    '',
    '| | figure | limit | ratio |',
    '|---|---|---|---|',
    ...lines,
    '',
  ].join('\n')
}

function limitOf(
  value: number,
  { limit, limitIs = '', ratio }: Omit<Row, 'name' | 'value'>,
): [string, string] {
  if (limit === undefined) return ['', '']
  return [`${limitIs} ${formatFigure(limit)}`.trim(), formatFigure(ratio ?? value / limit)]
}

const shown = [
  'inline.bare',
  'inline.dbos',
  'inline.restate',
  'effects.bare',
  'start.rate',
  'fan.time',
  'wait.woken',
  'history.page',
  'storage.bytes',
  'ready.time',
] as const

/** The README with its section on speed as the results have it; as it is while there are none. */
export function withSpeed(readme: string, results: readonly Result[]): string {
  const latest = latestOf(results)
  if (latest.length === 0) return readme
  const judged = judgeAll(barsOf(latest)).filter(({ id }) => (shown as readonly string[]).includes(id))
  const machine = latest[0] ? `${latest[0].machine.cpus} cores, ${latest[0].machine.memoryGb} GB` : ''
  const text = [
    `Measured on ${machine}, PostgreSQL with \`fsync\` on, by \`npm run bench -- all\`; each figure beside what the same machine`,
    'does in a bare loop, and the rest, is in [the performance reference](docs/reference/performance.md).',
    '',
    '| measure | figure | bar | |',
    '|---|---|---|---|',
    ...judged.map(({ measure, what, value, wanted, verdict }) =>
      row(`${measure}: ${what}`, value, wanted, verdict),
    ),
    '',
    '',
  ].join('\n')
  return readme.replace(/(?<=\n## Speed\n\n)[\s\S]*?(?=## )/, () => text)
}
