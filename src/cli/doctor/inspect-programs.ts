// Versions of what runs us.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { packageVersion } from '../package-version.ts'
import type { Finding } from './finding.ts'

const wantedNode = 24
const wantedNpm = 10

type Env = Readonly<Record<string, string | undefined>>

export async function inspectPrograms(env: Env): Promise<Finding[]> {
  const npm = await npmVersion(env)
  return [
    { about: 'fermata', level: 'good', text: packageVersion() },
    finding('node', process.version.slice(1), wantedNode),
    npm === undefined
      ? { about: 'npm', level: 'warning', text: 'not found; it is needed to install and to upgrade' }
      : finding('npm', npm, wantedNpm),
  ]
}

function finding(about: string, version: string, wanted: number): Finding {
  const isNew = Number.parseInt(version, 10) >= wanted
  return {
    about,
    level: isNew ? 'good' : 'bad',
    text: isNew ? version : `${version}; ${wanted} or newer is needed`,
  }
}

/** `npm run` says who it is; otherwise npm is asked. */
async function npmVersion({ npm_config_user_agent: agent }: Env): Promise<string | undefined> {
  const told = /npm\/(\S+)/.exec(agent ?? '')?.[1]
  if (told) return told
  const asked = promisify(execFile)('npm', ['--version'], { timeout: 10_000 })
  return asked.then(
    ({ stdout }) => stdout.trim(),
    () => undefined,
  )
}
