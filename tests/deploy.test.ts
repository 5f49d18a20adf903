// What is in deploy/ names only settings there are, and is well-formed; docker and helm themselves are not asked.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { readConfig, settings } from '../src/config.ts'

const folder = join(import.meta.dirname, '../deploy')
const read = (path: string) => readFileSync(join(folder, path), 'utf8')
const templates = readdirSync(join(folder, 'helm/fermata/templates')).map(
  (name) => `helm/fermata/templates/${name}`,
)
const known = new Set(Object.values(settings).map(({ name }) => name))

interface Service {
  environment: Record<string, string>
  command?: string[]
  secrets: string[]
  read_only?: boolean
}
const compose = parse(read('compose.yaml'), { merge: true }) as {
  services: Record<string, Service>
  secrets: Record<string, object>
}

/** Settings of Fermata that a text names. */
const named = (text: string) =>
  [...text.matchAll(/\b(?:FERMATA_[A-Z_]+|DATABASE_URL(?:_FILE)?)\b/g)].map(([name]) =>
    name.replace(/_FILE$/, ''),
  )

describe('deploy', () => {
  it.each(['docker/Dockerfile', 'compose.yaml', 'helm/fermata/values.yaml', ...templates])(
    '%s names only settings there are',
    (path) => {
      expect(named(read(path)).filter((name) => !known.has(name))).toEqual([])
    },
  )

  it('the image is configured in a way that can be used', () => {
    const block = /^ENV ((?:.*\\\n)*.*)/m.exec(read('docker/Dockerfile'))?.[1] ?? ''
    const env = Object.fromEntries(
      [...block.matchAll(/([A-Z_]+)=(\S+)/g)].map(([, name, value]) => [name, value]),
    )
    expect(readConfig(env)).toMatchObject({ host: '0.0.0.0', port: 7070, healthPort: 7070, demo: false })
  })

  it('the image leaves out only what the console alone is made of', () => {
    const left = /npm uninstall ((?:.*\\\n)*)/.exec(read('docker/Dockerfile'))?.[1] ?? ''
    const names = left.split(/[\s\\]+/).filter((word) => word !== '' && !word.startsWith('-'))
    const source = join(folder, '../src')
    const server = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
      (path) => path.endsWith('.ts') && !path.startsWith('web/') && !path.endsWith('.test.ts'),
    )
    const texts = server.map((path) => readFileSync(join(source, path), 'utf8')).join('\n')
    expect(names).toContain('antd')
    expect(names.filter((name) => new RegExp(`(from|import|resolve)[ (]*'${name}['/]`).test(texts))).toEqual(
      [],
    )
  })

  it('each service of the compose file has the secrets it names, and writes nowhere but where it may', () => {
    const { postgres: _database, ...ours } = compose.services
    expect(Object.keys(ours)).toEqual(['server', 'worker-1', 'worker-2'])
    for (const { environment, secrets, read_only: isReadOnly } of Object.values(ours)) {
      const files = Object.values(environment).filter((value) => value.startsWith('/run/secrets/'))
      expect(files.map((file) => file.slice('/run/secrets/'.length)).sort()).toEqual([...secrets].sort())
      expect(secrets.filter((name) => !(name in compose.secrets))).toEqual([])
      expect(isReadOnly).toBe(true)
    }
    expect(ours.server?.environment.FERMATA_ROLES).toBe('api,scheduler')
    expect(ours['worker-2']?.command).toEqual(['worker'])
  })

  it.each(templates)('%s closes what it opens', (path) => {
    const actions = [...read(path).matchAll(/\{\{-?\s*(\w+)/g)].map(([, word]) => word)
    const opened = actions.filter((word) => ['if', 'range', 'with', 'define'].includes(word ?? ''))
    expect(actions.filter((word) => word === 'end')).toHaveLength(opened.length)
  })

  it('templates use only values that the chart has', () => {
    const values = parse(read('helm/fermata/values.yaml')) as Record<string, unknown>
    const used = templates.flatMap((path) =>
      [...read(path).matchAll(/\.Values\.([\w.]+)/g)].map(([, at]) => at ?? ''),
    )
    const missing = used.filter((at) => {
      let place: unknown = values
      for (const key of at.split('.')) place = (place as Record<string, unknown> | undefined)?.[key]
      return place === undefined
    })
    expect(missing).toEqual([])
  })
})
