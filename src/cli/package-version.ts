import { readFileSync } from 'node:fs'

const manifest = new URL('../../package.json', import.meta.url)

export function packageVersion(): string {
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version
}
