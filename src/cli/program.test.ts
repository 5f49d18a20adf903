import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { buildProgram } from './program.ts'

const { env, stdin, stdout, stderr } = process
const program = buildProgram({ env, stdin, stdout, stderr })

interface Known {
  name: string
  options: string[]
}

/** `token create` for a command of a group. */
function commandsOf(command: Command, path: readonly string[] = []): Known[] {
  return command.commands.flatMap((child) => {
    const name = [...path, child.name()]
    if (child.commands.length > 0) return commandsOf(child, name)
    return [{ name: name.join(' '), options: child.options.map(({ flags }) => flags) }]
  })
}

/** Headings with the rows of the table that follows. */
function documented(page: string): Known[] {
  return page
    .split(/^## /m)
    .slice(1)
    .map((section) => ({
      name: section.split('\n', 1)[0] ?? '',
      options: [...section.matchAll(/^\| `(--[^`]+)` \|/gm)].map(([, flags = '']) => flags),
    }))
    .filter(({ options }) => options.length > 0)
}

const page = readFileSync(join(import.meta.dirname, '../../docs/guide/cli.md'), 'utf8')

describe('the guide to the command line', () => {
  it('describes every command and every option, and no other', () => {
    expect(documented(page)).toEqual(commandsOf(program))
  })

  it('names every act', () => {
    const act = program.commands.find((command) => command.name() === 'act')
    const choices = act?.registeredArguments[1]?.argChoices ?? []
    expect(choices.length).toBeGreaterThan(8)
    expect(choices.filter((choice) => !page.includes(`\`${choice}\``))).toEqual([])
  })

  it('says of every command that it takes --json', () => {
    expect(commandsOf(program).filter(({ options }) => !options.includes('--json'))).toEqual([])
  })
})
