// One peer: installed, started beside ours on one PostgreSQL server, compared line by line, cleared away.
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { familyCpu, machineCpu } from '../run/proc.ts'
import type { BenchOptions, Measured, Row, Section } from '../run/workload.ts'
import { classOf, type Match, type Ours, type Peer, startOf } from './catalogue.ts'
import { type Child, openChild } from './child.ts'
import { compare, type Verdict } from './compare.ts'
import { installPeer } from './install.ts'
import { type SharedServer, startSharedServer } from './shared-server.ts'

/** A peer that cannot be had or does not start is left out, with the reason beside its bars. */
export async function measurePeer(peer: Peer, options: BenchOptions): Promise<Section> {
  const [version] = Object.values(peer.packages)
  const title = `${peer.name} ${version} (${peer.class}), started ${peer.startedBy}`
  try {
    const install = installPeer(peer)
    const others = watchOthers()
    const verdicts = await runPeer(peer, { install, ...options })
    const rows = verdicts.map(({ match, verdict }) => describe(peer, match, verdict))
    rows.push({ name: 'taken by other programs meanwhile', value: others(), unit: '% of the processors' })
    return { title, rows, bars: barsFrom(verdicts), raw: verdicts }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    process.stderr.write(`${peer.name} is left out: ${reason}\n`)
    const note = `not measured: ${reason.split('\n')[0]?.slice(0, 100)}`
    const bars = peer.matches.flatMap(({ bar }) => (bar ? [[bar, { note }]] : []))
    return { title, rows: [], bars: Object.fromEntries(bars) as Measured }
  }
}

/** How much of the machine was not ours to use: with more than a few percent, measure again. */
function watchOthers(): () => number {
  const machine = machineCpu()
  const family = familyCpu(process.pid)
  const started = performance.now()
  return () => {
    const taken = machineCpu() - machine - (familyCpu(process.pid) - family)
    const had = ((performance.now() - started) / 1000) * availableParallelism()
    return Math.max(0, (taken / had) * 100)
  }
}

interface Line {
  match: Match
  verdict: Verdict
}

async function runPeer(peer: Peer, options: BenchOptions & { install: string }): Promise<Line[]> {
  const server = await startSharedServer()
  const crew = assemble(server, options.install)
  try {
    const theirs = await crew.open(peer.name)
    const lines: Line[] = []
    for (const match of peer.matches) {
      const ours = await crew.open(match.ours.program)
      const sides = { theirs, ours, settle: server.checkpoint }
      lines.push({ match, verdict: await compare(sides, match, options) })
    }
    return lines
  } finally {
    await crew.dismiss()
    await server.close()
  }
}

/** The children of one run, each with a folder and a database of its own. */
function assemble(server: SharedServer, install: string) {
  const children = new Map<string, { child: Child; scratch: string }>()
  return {
    async open(program: Ours | Peer['name']): Promise<Child> {
      const there = children.get(program)
      if (there) return there.child
      const scratch = mkdtempSync(join(tmpdir(), `fermata-peer-${program}-`))
      const databaseUrl = await server.freshDatabase(program)
      const child = await openChild({ program, place: { databaseUrl, install, scratch } })
      children.set(program, { child, scratch })
      return child
    },
    async dismiss(): Promise<void> {
      for (const { child } of children.values()) await child.close()
      for (const { scratch } of children.values()) rmSync(scratch, { recursive: true, force: true })
    },
  }
}

const units: Record<Match['measure'], string> = {
  executions: '/s',
  'node runs': '/s',
  'p50 per node run': 'ms',
}

function describe(peer: Peer, { measure, ours }: Match, { inFlight, ...verdict }: Verdict): Row {
  return {
    name: `W10 ${measure}, ours ${classOf[ours.work]}, started ${startOf[ours.program]}, ${inFlight.ours} in flight`,
    value: verdict.ours,
    unit: units[measure],
    limit: verdict.theirs,
    limitIs: `${peer.name}, ${peer.class}, ${inFlight.theirs} in flight`,
    ratio: verdict.ratio,
  }
}

function barsFrom(lines: readonly Line[]): Measured {
  const figures = lines.flatMap(({ match, verdict }) => {
    const classes = `${classOf[match.ours.work]}`
    return match.bar ? [[match.bar, { value: verdict.ratio, note: `ours ${classes}` }]] : []
  })
  return Object.fromEntries(figures) as Measured
}
