// Who may import whom. The table is the documentation: arrows point to what changes least.
import { posix } from 'node:path'
import { describe, expect, it } from 'vitest'
import { importsOf, listFiles, readSource } from './helpers/source-files.ts'

interface Layer {
  /** Rooms and files of `src` it may import besides itself. */
  imports: readonly string[]
  /** Packages it may import; `node:` stands for all of Node's own. Absent: any. */
  packages?: readonly string[]
}

const layers: Readonly<Record<string, Layer>> = {
  core: { imports: [], packages: ['typebox', '@marcbachmann/cel-js', 're2js', 'yaml', 'croner'] },
  sdk: { imports: ['core'], packages: ['typebox'] },
  nodes: { imports: ['core', 'sdk'] },
  triggers: { imports: ['core', 'sdk'] },
  store: { imports: ['core'] },
  objects: { imports: ['core', 'sdk', 'store/db.ts', 'store/cursor.ts', 'store/where.ts'] },
  access: { imports: ['core', 'store/db.ts', 'store/cursor.ts', 'store/where.ts'] },
  runtime: { imports: ['core', 'sdk', 'store', 'objects', 'access'] },
  'api/contract': { imports: ['core', 'sdk'], packages: ['typebox'] },
  api: { imports: ['core', 'sdk', 'store', 'objects', 'access', 'runtime', 'api/contract', 'config.ts'] },
  client: { imports: ['core', 'api/contract'], packages: ['typebox'] },
  web: { imports: ['core', 'sdk', 'api/contract', 'client'] },
  demo: { imports: ['core', 'sdk', 'store', 'objects', 'access', 'runtime'] },
  'config.ts': { imports: ['core', 'setting-text.ts'] },
  'setting-text.ts': { imports: ['core'] },
  'describe-settings.ts': { imports: ['config.ts'] },
  'local-caller.ts': { imports: ['core', 'store/db.ts', 'access'] },
  'check-documents.ts': { imports: ['core', 'sdk', 'store', 'objects', 'api'] },
  'compose.ts': {
    imports: [
      ...['core', 'sdk', 'store', 'objects', 'access', 'runtime', 'api', 'demo', 'config.ts'],
      ...['check-documents.ts', 'local-caller.ts'],
    ],
  },
  'compose-reader.ts': {
    imports: [
      ...['core', 'store', 'access', 'runtime', 'api', 'config.ts', 'check-documents.ts', 'local-caller.ts'],
    ],
  },
  'server.ts': { imports: ['core', 'store', 'config.ts', 'compose.ts'] },
  cli: {
    imports: [
      'core',
      'api/contract',
      'client',
      'store',
      'demo',
      'config.ts',
      'compose.ts',
      'server.ts',
      'compose-reader.ts',
    ],
  },
}

const isTest = /\.test\.tsx?$/
const files = listFiles(['src'], /\.tsx?$/).filter((path) => !isTest.test(path))
const roomNames = Object.keys(layers).sort((a, b) => b.length - a.length)

function roomOf(path: string): string | undefined {
  return roomNames.find((room) => path === room || path.startsWith(`${room}/`))
}

const allows = (layer: Layer, path: string) =>
  layer.imports.some((allowed) => path === allowed || path.startsWith(`${allowed}/`))

function complaintsAbout(path: string): string[] {
  const room = roomOf(path.slice('src/'.length))
  const layer = room === undefined ? undefined : layers[room]
  if (room === undefined || layer === undefined) return [`${path} is in no room of the table`]
  return importsOf(readSource(path)).flatMap((name) => {
    if (!name.startsWith('.')) return packageComplaint(path, name, layer)
    const target = posix.join(posix.dirname(path), name).slice('src/'.length)
    const isOwn = roomOf(target) === room
    return isOwn || allows(layer, target) ? [] : [`${path} imports ${target}`]
  })
}

function packageComplaint(path: string, name: string, layer: Layer): string[] {
  const allowed = layer.packages?.some((known) => name === known || name.startsWith(`${known}/`)) ?? true
  return allowed ? [] : [`${path} imports ${name}`]
}

describe('imports', () => {
  it('follow the table', () => {
    expect(files.flatMap(complaintsAbout)).toEqual([])
  })

  it('leave every node type and trigger type alone: they are found by listing folders', () => {
    const parts = files.filter((path) => /^src\/(nodes|triggers)\/[^/]+\//.test(path))
    const strangers = parts.flatMap((path) => {
      const own = path.split('/').slice(0, 3).join('/')
      return importsOf(readSource(path))
        .filter((name) => name.startsWith('.'))
        .map((name) => posix.join(posix.dirname(path), name))
        .filter((target) => /^src\/(nodes|triggers)\//.test(target) && !target.startsWith(`${own}/`))
        .map((target) => `${path} imports ${target}`)
    })
    expect(strangers).toEqual([])
  })

  it('have no way back: the table has no circle', () => {
    const reach = (room: string, seen: readonly string[]): string[] => {
      if (seen.includes(room)) return [[...seen, room].join(' > ')]
      const next = layers[room]?.imports.map((name) => roomOf(name) ?? name) ?? []
      return next.flatMap((other) => reach(other, [...seen, room]))
    }
    expect(roomNames.flatMap((room) => reach(room, []))).toEqual([])
  })
})

describe('the core', () => {
  const forbidden =
    /\b(Date\.now|new Date\(\)|Math\.random|performance\.now|crypto\.|setTimeout|setInterval|process\.)/

  it('has no clock, no randomness and no process', () => {
    const guilty = files
      .filter((path) => path.startsWith('src/core/'))
      .filter((path) => forbidden.test(withoutComments(readSource(path).text)))
    expect(guilty).toEqual([])
  })
})

describe('the browser', () => {
  it('gets nothing of Node', () => {
    const guilty = files
      .filter((path) => /^src\/(web|client|core|sdk|api\/contract)\//.test(path))
      .filter((path) => importsOf(readSource(path)).some((name) => name.startsWith('node:')))
    expect(guilty).toEqual([])
  })
})

describe('SQL', () => {
  const statement = /[`'"]\s*(select\s[^'"`]*\sfrom\s|insert\s+into\s|update\s+\S+\s+set\s|delete\s+from\s)/i
  const rooms = /^src\/(store|objects|access)\//

  it('is only in store, objects and access', () => {
    const guilty = files
      .filter((path) => !rooms.test(path) && !path.startsWith('src/demo/workflows/'))
      .filter((path) => statement.test(withoutComments(readSource(path).text)))
    expect(guilty).toEqual([])
  })
})

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
}
