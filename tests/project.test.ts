// What every file of this repository keeps to. Each rule lists who breaks it.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { errorTable } from '../src/core/errors.ts'
import { whyTable } from '../src/core/why.ts'
import { longest } from './helpers/longest-first.ts'
import { functionsOf, listFiles, readSource, root, type SourceFile } from './helpers/source-files.ts'

const codeFolders = ['src', 'tests', 'bench', 'scripts'].filter((name) => existsSync(join(root, name)))
const sources = listFiles(codeFolders, /\.tsx?$/).map(readSource)
const isTest = ({ path }: SourceFile) => /\.test\.tsx?$/.test(path)
const production = sources.filter((source) => !isTest(source))
const paths = (guilty: readonly SourceFile[]) => guilty.map((source) => source.path)
const median = (numbers: number[]) => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0

describe('sizes', () => {
  it('files have at most 300 lines, tests 600', () => {
    const limit = (source: SourceFile) => (isTest(source) ? 600 : 300)
    expect(paths(sources.filter((source) => source.lines > limit(source)))).toEqual([])
  })

  it('half of the files have at most 120 lines', () => {
    expect(median(production.map((source) => source.lines))).toBeLessThanOrEqual(120)
  })

  it('functions have at most 50 lines, those of functions inside them not counted', () => {
    const guilty = production.flatMap((source) =>
      functionsOf(source)
        .filter((found) => found.lines > 50)
        .map((found) => `${source.path}:${found.line} has ${found.lines}`),
    )
    expect(guilty).toEqual([])
  })

  it('functions take at most 3 positional parameters', () => {
    const guilty = production.flatMap((source) =>
      functionsOf(source)
        .filter((found) => found.parameters > 3)
        .map((found) => `${source.path}:${found.line} takes ${found.parameters}`),
    )
    expect(guilty).toEqual([])
  })
})

describe('names', () => {
  it('files are in kebab-case', () => {
    const good = /^[a-z0-9]+(-[a-z0-9]+)*(\.test|\.d)?\.tsx?$/
    expect(paths(sources.filter(({ path }) => !good.test(path.split('/').at(-1) ?? '')))).toEqual([])
  })

  it('no folder of src is a drawer for anything', () => {
    const drawers = /\/(utils?|common|helpers?|types|services|misc|lib)\//
    expect(paths(sources.filter(({ path }) => path.startsWith('src/') && drawers.test(path)))).toEqual([])
  })

  it('everything is exported by name, but where a tool asks for a default', () => {
    const asked = new Set(['vitest.config.ts', 'scripts/web-config.ts'])
    const guilty = sources.filter(({ path, text }) => /^export default\b/m.test(text) && !asked.has(path))
    expect(paths(guilty)).toEqual([])
  })

  it('only the SDK gathers exports of other files', () => {
    const gathers = ({ text }: SourceFile) => /^export (type )?\*/m.test(text)
    expect(paths(production.filter(gathers)).filter((path) => path !== 'src/sdk/index.ts')).toEqual([])
  })

  it('there is one class, the error', () => {
    const declares = /^\s*(export )?(abstract )?class (?!\w*Error\b)\w+/m
    const guilty = production.filter(({ path, text }) => path.startsWith('src/') && declares.test(text))
    expect(paths(guilty)).toEqual([])
  })
})

describe('shortcuts', () => {
  // Put together from parts, so that this file does not contain what it looks for.
  const either = (...parts: string[][]) => new RegExp(parts.map((part) => part.join('')).join('|'))

  it('nothing is silenced or left for later', () => {
    const silenced = either(['biome', '-ignore'], ['@ts', '-(ignore|expect-error|nocheck)'])
    const worst = either(['@ts', '-(ignore|nocheck)'], ['biome', '-ignore'])
    // Tests about types have to write what the compiler must refuse.
    const isAllowed = (source: SourceFile) => isTest(source) && !worst.test(source.text)
    const later = either(['\\bTO', 'DO\\b'], ['\\bFIX', 'ME\\b'], ['\\bX', 'XX\\b'])
    const isGuilty = (source: SourceFile) =>
      later.test(source.text) || (silenced.test(source.text) && !isAllowed(source))
    expect(paths(sources.filter(isGuilty))).toEqual([])
  })

  it('there is no any', () => {
    const written = /(:\s*any\b(?!\s+\w)|\bas any\b|<any>|any\[\])/
    const code = ({ text }: SourceFile) => text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$|`[^`]*`|'[^'\n]*'/gm, '')
    expect(paths(production.filter((source) => written.test(code(source))))).toEqual([])
  })

  it('every test runs', () => {
    const left = either(
      ['\\b(it|test|describe)', '\\.(only|skip|todo)\\b'],
      ['\\b(x', 'it|xdescribe|fdescribe)\\('],
    )
    expect(paths(sources.filter((source) => isTest(source) && left.test(source.text)))).toEqual([])
  })
})

describe('parts', () => {
  const parts = ['src/nodes', 'src/triggers'].flatMap((room) =>
    existsSync(join(root, room))
      ? readdirSync(join(root, room), { withFileTypes: true })
          .filter((entry) => entry.isDirectory())
          .map((entry) => `${room}/${entry.name}`)
      : [],
  )

  it('every node type and trigger type has its behaviour, its help and a test', () => {
    const missing = parts.flatMap((part) => {
      const names = readdirSync(join(root, part))
      return [
        names.includes('index.ts') ? '' : `${part}/index.ts`,
        names.includes('README.md') ? '' : `${part}/README.md`,
        names.some((name) => name.endsWith('.test.ts')) ? '' : `${part}/*.test.ts`,
      ].filter((name) => name !== '')
    })
    expect(missing).toEqual([])
  })
})

describe('documents', () => {
  const lengthOf = (path: string) => readSource(path).lines

  it('are short', () => {
    expect(lengthOf('README.md')).toBeLessThanOrEqual(120)
    expect(lengthOf('ARCHITECTURE.md')).toBeLessThanOrEqual(150)
    const long = listFiles(['docs/adr'], /\.md$/).filter((path) => lengthOf(path) > 40)
    expect(long).toEqual([])
  })

  it('name decisions by number and subject', () => {
    const names = readdirSync(join(root, 'docs/adr'))
    expect(names.filter((name) => !/^\d{4}-[a-z0-9-]+\.md$/.test(name))).toEqual([])
  })

  it('explain every error code, and no other', () => {
    const page = readFileSync(join(root, 'docs/reference/errors.md'), 'utf8')
    const rows = [...page.matchAll(/^\| `([\w-]+)` \| (\d+) \| .+ \|$/gm)].map(([, code, status]) => [
      code,
      Number(status),
    ])
    const table = Object.entries(errorTable).map(([code, { status }]) => [code, status])
    expect(rows.map(String).sort()).toEqual(table.map(String).sort())
  })

  it('list what else an error tells, with its facts', () => {
    const page = readFileSync(join(root, 'docs/reference/errors.md'), 'utf8')
    const rows = [...page.matchAll(/^\| `([\w-]+)` \| (–|`[^|]*`) \| .+ \|$/gm)].map(([, key, facts]) => [
      key,
      facts,
    ])
    const named = Object.entries(whyTable).map(([key, facts]) => [
      key,
      facts.map((fact) => `\`${fact}\``).join(', ') || '–',
    ])
    expect(rows).toEqual(named)
  })

  it('link to files that exist', () => {
    const pages = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', ...listFiles(['docs'], /\.md$/)]
    const broken = pages.flatMap((page) =>
      [...readSource(page).text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)]
        .map(([, link = '']) => join(root, page, '..', link))
        .filter((target) => !existsSync(target))
        .map((target) => `${page}: ${target}`),
    )
    expect(broken).toEqual([])
  })
})

describe('package', () => {
  const read = (name: string) => JSON.parse(readFileSync(join(root, name), 'utf8')) as Record<string, unknown>
  const manifest = read('package.json') as Record<
    'scripts' | 'dependencies' | 'devDependencies',
    Record<string, string>
  >

  it('has the scripts that the documents name', () => {
    const wanted =
      'start dev test test:unit test:e2e typecheck lint format bench db:dump fermata build:web prepare'.split(
        ' ',
      )
    expect(wanted.filter((name) => !(name in manifest.scripts))).toEqual([])
  })

  it('names test files that exist as those that take longest', () => {
    expect(longest.filter((path) => !existsSync(join(root, path)))).toEqual([])
  })

  it('runs scripts whose files exist', () => {
    const files = Object.values(manifest.scripts).flatMap((script) => script.match(/\S+\.ts\b/g) ?? [])
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([])
  })

  it('names exact versions', () => {
    const all = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })
    expect(all.filter(([, version]) => !/^\d/.test(version))).toEqual([])
  })

  it('locks packages by content, not by the address they came from', () => {
    expect(readFileSync(join(root, 'package-lock.json'), 'utf8')).not.toContain('"resolved": "http')
  })
})
