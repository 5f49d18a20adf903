// Everything CI runs. The last line says `N passed, N failed`: each check counts as one, each test as one. Right before
// it stands what failed. What only reads the code is checked beside the unit tests, and told of after them.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { addCounts, type Count, countCheck, countTests } from './test-report.ts'

const root = join(import.meta.dirname, '..')
const programs = join(root, 'node_modules', '.bin')
const reports = mkdtempSync(join(tmpdir(), 'fermata-reports-'))

interface Run {
  name: string
  command: readonly string[]
  /** What it prints is kept for later. */
  aside?: boolean
}

async function run({
  name,
  command,
  aside = false,
}: Run): Promise<{ exitCode: number | null; told: string }> {
  const title = `\n▶ ${name}\n`
  if (!aside) process.stdout.write(title)
  const startedAt = performance.now()
  const [program = '', ...args] = command
  const child = spawn(program, args, {
    cwd: root,
    stdio: aside ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    shell: process.platform === 'win32',
    env: { ...process.env, PATH: `${programs}${delimiter}${process.env.PATH ?? ''}` },
  })
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (printed += chunk))
  const exitCode = await once(child, 'close').then(
    ([code]) => code as number | null,
    (error: Error) => {
      printed += `${error.message}\n`
      return null
    },
  )
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  const told = `${aside ? title : ''}${printed}${exitCode === 0 ? '✓' : '✗'} ${name} (${seconds} s)\n`
  if (!aside) process.stdout.write(told)
  return { exitCode, told }
}

async function check(name: string, command: readonly string[]): Promise<Count> {
  return countCheck(name, (await run({ name, command })).exitCode)
}

/** One after the other, since others run beside them. */
async function checksAside(
  checks: Record<string, readonly string[]>,
): Promise<{ counts: Count[]; told: string }> {
  const counts: Count[] = []
  let all = ''
  for (const [name, command] of Object.entries(checks)) {
    const { exitCode, told } = await run({ name, command, aside: true })
    counts.push(countCheck(name, exitCode))
    all += told
  }
  return { counts, told: all }
}

async function tests(project: string): Promise<Count> {
  const file = join(reports, `${project}.json`)
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  const command = ['vitest', 'run', '--project', project, ...reporters]
  const { exitCode } = await run({ name: `${project} tests`, command })
  const report = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
  return countTests(report, { project, root, exitCode })
}

function hasTests(folder: string): boolean {
  const path = join(root, folder)
  return existsSync(path) && readdirSync(path).some((name) => name.endsWith('.test.ts'))
}

const reading = checksAside({
  types: ['tsc', '--noEmit'],
  'format and lint': ['biome', 'check', '.'],
  'dead code': ['knip'],
})
const unit = await tests('unit')
const read = await reading
process.stdout.write(read.told)
const counts = [
  ...read.counts,
  unit,
  await check('web build', ['node', 'scripts/build-web.ts']),
  ...(hasTests('tests/e2e') ? [await tests('e2e')] : []),
]
rmSync(reports, { recursive: true })

const { passed, failed, failures } = addCounts(counts)
if (failures.length > 0) process.stdout.write(`\nFailed:\n${failures.map((line) => `  ${line}\n`).join('')}`)
process.stdout.write(`\n${passed} passed, ${failed} failed\n`)
process.exitCode = failed === 0 ? 0 : 1
