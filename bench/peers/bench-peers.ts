// `npm run bench -- peers [name…] [--seconds=4] [--pairs=5]`: the same work on other systems, in turns with ours.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Peer, peers } from './catalogue.ts'
import { type Child, openChild } from './child.ts'
import { compare, type Effort, type Verdict } from './compare.ts'
import { installPeer } from './install.ts'
import { printHeader, printVerdicts } from './report.ts'
import { type SharedServer, startSharedServer } from './shared-server.ts'

export async function benchPeers(names: readonly string[], effort: Effort): Promise<void> {
  const chosen = peers.filter((peer) => names.length === 0 || names.includes(peer.name))
  const lines: { peer: Peer; verdict: Verdict }[] = []
  for (const peer of chosen) {
    printHeader(peer)
    try {
      const verdicts = await measurePeer(peer, effort)
      lines.push(...verdicts.map((verdict) => ({ peer, verdict })))
      if (verdicts.some(({ met }) => met === false)) process.exitCode = 1
    } catch (error) {
      process.stdout.write(`  skipped: ${error instanceof Error ? error.message : error}\n`)
    }
  }
  printVerdicts(lines)
}

async function measurePeer(peer: Peer, effort: Effort): Promise<Verdict[]> {
  const install = installPeer(peer)
  const server = await startSharedServer()
  const folders: string[] = []
  const children: Child[] = []
  const open = async (program: string, env: Record<string, string> = {}): Promise<Child> => {
    const scratch = mkdtempSync(join(tmpdir(), `fermata-peer-${program}-`))
    folders.push(scratch)
    const databaseUrl = await server.freshDatabase(program)
    const child = await openChild({ program, place: { databaseUrl, install, scratch }, env })
    children.push(child)
    return child
  }
  try {
    const sides = { peer, theirs: await open(peer.name, peer.env), ours: await open(peer.against) }
    return await measureAll({ ...sides, settle: () => server.checkpoint() }, effort, server)
  } finally {
    for (const child of children) await child.close()
    await server.close()
    for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  }
}

async function measureAll(
  sides: Parameters<typeof compare>[0],
  effort: Effort,
  server: SharedServer,
): Promise<Verdict[]> {
  process.stdout.write(`  PostgreSQL ${server.version}: ${server.settings}\n`)
  const verdicts: Verdict[] = []
  for (const match of sides.peer.matches) verdicts.push(await compare(sides, match, effort))
  return verdicts
}
