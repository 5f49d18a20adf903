// Builds the web console into dist/web and holds its first load to a budget.
// `--if-stale` does nothing when the build is newer than everything it is made of.
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'
import { firstLoadBudgetKb, firstLoadOf, gzipKb } from './first-load.ts'
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

/** Beside each file its gzip, which the server sends to whom accepts it. */
function compress(): void {
  const assets = join(outDir, 'assets')
  for (const name of readdirSync(assets).filter((name) => /\.(js|css|svg)$/.test(name)))
    writeFileSync(join(assets, `${name}.gz`), gzipSync(readFileSync(join(assets, name)), { level: 9 }))
}

function report(): void {
  const assets = readdirSync(join(outDir, 'assets')).filter((name) => !name.endsWith('.gz'))
  const first = firstLoadOf(outDir)
  const allKb = assets.reduce((sum, file) => sum + gzipKb(join(outDir, 'assets', file)), 0)
  console.log(
    `dist/web: first load ${first.kb.toFixed(0)} KB gzip in ${first.files.length} files (budget ${firstLoadBudgetKb}), ` +
      `everything ${allKb.toFixed(0)} KB gzip in ${assets.length} files`,
  )
  if (first.kb > firstLoadBudgetKb)
    throw new Error(`The first load exceeds its budget of ${firstLoadBudgetKb} KB gzip`)
}

if (process.argv.includes('--if-stale') && !isStale()) {
  console.log('dist/web is up to date')
} else {
  await build({ ...webConfig, configFile: false })
  compress()
  report()
}
