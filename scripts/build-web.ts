// Builds the web console into dist/web and holds its first load to a budget.
// `--if-stale` does nothing when the build is newer than everything it is made of.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'
import webConfig, { repoDir } from './web-config.ts'

const outDir = join(repoDir, 'dist/web')
const sources = [
  'src/web',
  'src/core',
  'src/client',
  'src/api/contract',
  'package-lock.json',
  'scripts/web-config.ts',
]
const budgetKb = 350

function newest(path: string): number {
  if (!existsSync(path)) return 0
  const stat = statSync(path)
  if (!stat.isDirectory()) return stat.mtimeMs
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))))
}

function isStale(): boolean {
  const index = join(outDir, 'index.html')
  if (!existsSync(index)) return true
  const builtAt = statSync(index).mtimeMs
  return sources.some((source) => newest(join(repoDir, source)) > builtAt)
}

const gzipKb = (file: string): number => gzipSync(readFileSync(file)).length / 1024

/** The files index.html asks for before any lazy part: its scripts, what they import statically, and styles. */
function firstLoad(): string[] {
  const html = readFileSync(join(outDir, 'index.html'), 'utf8')
  const wanted = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.(?:js|css))"/g)].map(
    (match) => match[1] ?? '',
  )
  const seen = new Set<string>()
  while (wanted.length > 0) {
    const file = wanted.pop() ?? ''
    if (seen.has(file)) continue
    seen.add(file)
    if (file.endsWith('.js')) wanted.push(...staticImports(readFileSync(join(outDir, file), 'utf8')))
  }
  return [...seen]
}

function staticImports(code: string): string[] {
  return [...code.matchAll(/(?:\bfrom|\bimport)\s*["']\.\/([^"']+\.js)["']/g)].map(
    (match) => `assets/${match[1]}`,
  )
}

function report(): void {
  const assets = readdirSync(join(outDir, 'assets'))
  const first = firstLoad()
  const firstKb = first.reduce((sum, file) => sum + gzipKb(join(outDir, file)), 0)
  const allKb = assets.reduce((sum, file) => sum + gzipKb(join(outDir, 'assets', file)), 0)
  console.log(
    `dist/web: first load ${firstKb.toFixed(0)} KB gzip in ${first.length} files (budget ${budgetKb}), ` +
      `everything ${allKb.toFixed(0)} KB gzip in ${assets.length} files`,
  )
  if (firstKb > budgetKb) throw new Error(`The first load exceeds its budget of ${budgetKb} KB gzip`)
}

if (process.argv.includes('--if-stale') && !isStale()) {
  console.log('dist/web is up to date')
} else {
  await build({ ...webConfig, configFile: false })
  report()
}
