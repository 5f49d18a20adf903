// Installs a peer outside of node_modules, with exact versions; nothing of it becomes a dependency of ours.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import type { Peer } from './catalogue.ts'

const cache = join(import.meta.dirname, '../../.fermata-bench/peers')

/** The folder with its packages. Throws with the end of npm's output when they cannot be installed. */
export function installPeer({ name, packages, overrides, npmOptions = [] }: Peer): string {
  const folder = join(cache, name)
  const wanted = JSON.stringify({ private: true, dependencies: packages, overrides, npmOptions }, null, 2)
  const stamp = join(folder, 'installed.json')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return folder
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), wanted)
  process.stdout.write(`Installing ${name} …\n`)
  const args = ['install', '--no-audit', '--no-fund', '--loglevel=error', '--ignore-scripts', ...npmOptions]
  const { status, stdout, stderr } = spawnSync('npm', args, {
    cwd: folder,
    encoding: 'utf8',
    timeout: 15 * 60_000,
    env: withThisNode(),
  })
  if (status !== 0) {
    throw new Error(`npm could not install it: ${`${stdout}\n${stderr}`.trim().slice(-600)}`)
  }
  writeFileSync(stamp, wanted)
  return folder
}

/** npm judges packages by the Node it runs under: the one that will run them. */
function withThisNode(): NodeJS.ProcessEnv {
  const path = `${dirname(process.execPath)}${delimiter}${process.env.PATH ?? ''}`
  return { ...process.env, PATH: path }
}
