// Everything CI runs. The last line says `N passed, N failed`: each check counts as one, each test as one. Right before
// it stands what failed.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { addCounts, type Count, countCheck, countTests } from './test-report.ts'

const root = join(import.meta.dirname, '..')
const programs = join(root, 'node_modules', '.bin')
const reports = mkdtempSync(join(tmpdir(), 'fermata-reports-'))

function run(name: string, command: readonly string[]): number | null {
  process.stdout.write(`\n▶ ${name}\n`)
  const startedAt = performance.now()
  const [program = '', ...args] = command
  const { status, error } = spawnSync(program, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
    env: { ...process.env, PATH: `${programs}${delimiter}${process.env.PATH ?? ''}` },
  })
  if (error) process.stdout.write(`${error.message}\n`)
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  process.stdout.write(`${status === 0 ? '✓' : '✗'} ${name} (${seconds} s)\n`)
  return status
}

function check(name: string, command: readonly string[]): Count {
  return countCheck(name, run(name, command))
}

function tests(project: string): Count {
  const file = join(reports, `${project}.json`)
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  const exitCode = run(`${project} tests`, ['vitest', 'run', '--project', project, ...reporters])
  const report = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
  return countTests(report, { project, root, exitCode })
}

function hasTests(folder: string): boolean {
  const path = join(root, folder)
  return existsSync(path) && readdirSync(path).some((name) => name.endsWith('.test.ts'))
}

const counts = [
  check('types', ['tsc', '--noEmit']),
  check('format and lint', ['biome', 'check', '.']),
  check('dead code', ['knip']),
  tests('unit'),
  check('web build', ['node', 'scripts/build-web.ts']),
  ...(hasTests('tests/e2e') ? [tests('e2e')] : []),
]
rmSync(reports, { recursive: true })

const { passed, failed, failures } = addCounts(counts)
if (failures.length > 0) process.stdout.write(`\nFailed:\n${failures.map((line) => `  ${line}\n`).join('')}`)
process.stdout.write(`\n${passed} passed, ${failed} failed\n`)
process.exitCode = failed === 0 ? 0 : 1
