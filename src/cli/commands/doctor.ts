import type { Command } from 'commander'
import { readConfig } from '../../config.ts'
import type { Finding } from '../doctor/finding.ts'
import { inspect } from '../doctor/inspect.ts'
import { type Io, paint, print, printJson } from '../io.ts'
import { table } from '../table.ts'

export function addDoctor(program: Command, io: Io): void {
  program
    .command('doctor')
    .description('look at what Fermata needs: versions, port, disk, data folder, database, demo hosts')
    .option('--json', 'print the findings as JSON')
    .action(async ({ json = false }: { json?: boolean }) => {
      const findings = await inspect(readConfig(io.env), io.env)
      const isWell = findings.every(({ level }) => level !== 'bad')
      if (json) printJson(io, { ok: isWell, findings })
      else for (const line of table(findings.map((finding) => row(io, finding)))) print(io, line)
      process.exitCode = isWell ? 0 : 1
    })
}

const signs = { good: ['green', '✔'], warning: ['yellow', '⚠'], bad: ['red', '✖'] } as const

function row({ stdout }: Io, { level, about, text }: Finding): string[] {
  const [style, sign] = signs[level]
  return [`${paint(stdout, style, sign)} ${about}`, text]
}
