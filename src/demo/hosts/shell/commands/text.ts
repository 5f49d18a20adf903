// Filters at the end of a pipe.
import { type Call, readFlags } from '../session.ts'
import { cat } from './disk.ts'

function linesOf(call: Call, files: string[]): string[] {
  let text = call.stdin
  if (files.length > 0) {
    text = ''
    const stdout = (part: string) => {
      text += part
    }
    cat({ ...call, name: 'cat', args: files, stdout })
  }
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines
}

/** The pattern is taken as plain text between `^` and `$`: no expression of a stranger is run. */
function matcher(pattern: string, isBlind: boolean): (line: string) => boolean {
  const fold = (value: string) => (isBlind ? value.toLowerCase() : value)
  const start = pattern.startsWith('^')
  const end = pattern.endsWith('$')
  const plain = fold(pattern.slice(start ? 1 : 0, end ? -1 : undefined).replaceAll('\\', ''))
  return (line) => {
    const text = fold(line)
    if (start && end) return text === plain
    if (start) return text.startsWith(plain)
    return end ? text.endsWith(plain) : text.includes(plain)
  }
}

export function grep(call: Call): number {
  const { flags, operands } = readFlags(call.args)
  const [pattern = '', ...files] = operands
  const matches = pattern.split('|').map((part) => matcher(part, flags.has('-i')))
  const found = linesOf(call, files).filter(
    (line) => matches.some((isMatch) => isMatch(line)) !== flags.has('-v'),
  )
  if (flags.has('-c')) call.stdout(`${found.length}\n`)
  else if (!flags.has('-q')) for (const line of found) call.stdout(`${line}\n`)
  return found.length > 0 ? 0 : 1
}

function countOf(args: string[]): { count: number; files: string[] } {
  const plain = args.map((arg) => arg.replace(/^-(\d+)$/, '--lines=$1'))
  const { flags, operands } = readFlags(plain, ['-n'])
  return { count: Number(flags.get('-n') ?? flags.get('--lines') ?? 10), files: operands }
}

export function head(call: Call): number {
  const { count, files } = countOf(call.args)
  for (const line of linesOf(call, files).slice(0, count)) call.stdout(`${line}\n`)
  return 0
}

export function tail(call: Call): number {
  const { count, files } = countOf(call.args)
  if (count > 0) for (const line of linesOf(call, files).slice(-count)) call.stdout(`${line}\n`)
  return 0
}

export function wc(call: Call): number {
  const { flags, operands } = readFlags(call.args)
  const lines = linesOf(call, operands)
  const words = lines.join(' ').split(/\s+/).filter(Boolean).length
  const counts = flags.has('-l') ? [lines.length] : [lines.length, words, lines.join('\n').length]
  call.stdout(`${counts.join(' ')}\n`)
  return 0
}

export function echo(call: Call): number {
  const isBare = call.args[0] === '-n'
  call.stdout((isBare ? call.args.slice(1) : call.args).join(' ') + (isBare ? '' : '\n'))
  return 0
}
