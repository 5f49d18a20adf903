// What a person sees while a batch is followed: redrawn in place on a terminal, else a line per change.
import type { Batch } from '../../api/contract/batches.ts'
import { type Io, paint, print, type Style } from '../io.ts'
import { batchLook, batchParts, shareOf } from './batch-words.ts'
import { displayWidth, fitTo } from './display-width.ts'

const longestBar = 40
const esc = String.fromCharCode(27)

export function batchView(io: Io): (batch: Batch) => void {
  return io.stdout.isTTY ? liveView(io) : plainView(io)
}

function plainView(io: Io): (batch: Batch) => void {
  let told = ''
  return (batch) => {
    const { style, word } = batchLook(batch)
    const line = `${paint(io.stdout, style, word)}  ${batchParts(batch).join(', ')}`
    if (line !== told) print(io, line)
    told = line
  }
}

function liveView(io: Io): (batch: Batch) => void {
  let drawn = 0
  let told = ''
  return (batch) => {
    const lines = linesOf(io, batch)
    if (lines.join('\n') === told) return
    if (drawn > 0) io.stdout.write(`${esc}[${drawn}A${esc}[0J`)
    for (const line of lines) print(io, line)
    told = lines.join('\n')
    drawn = lines.length
  }
}

function linesOf({ stdout }: Io, batch: Batch): string[] {
  const columns = (stdout.columns || 80) - 1
  const { style, word } = batchLook(batch)
  const bar = barOf(stdout, batch, Math.min(longestBar, columns))
  const words = wrap([`${paint(stdout, style, word)} `, ...batchParts(batch)], columns)
  // A line that the terminal broke would be drawn anew one line too low.
  return [bar, ...words.map((line) => fitTo(line, columns))]
}

/** What has ended, what is stuck, what is under way, and what has not begun, in their shares. */
function barOf(stdout: Io['stdout'], batch: Batch, width: number): string {
  const shares: [Style, number, string][] = [
    ['green', shareOf(batch, 'completed'), '█'],
    ['red', shareOf(batch, 'failed'), '█'],
    ['yellow', shareOf(batch, 'stuck'), '▓'],
    ['blueBright', shareOf(batch, 'under way'), '▒'],
  ]
  let done = 0
  let at = 0
  const parts = shares.map(([style, share, sign]) => {
    done += share
    const end = Math.round(done * width)
    const part = sign.repeat(end - at)
    at = end
    return part && paint(stdout, style, part)
  })
  return parts.join('') + paint(stdout, 'dim', '░'.repeat(width - at))
}

/** Parts stay whole: a count is not torn from its word. */
function wrap([first = '', ...parts]: readonly string[], columns: number): string[] {
  const lines = [first]
  for (const [index, part] of parts.entries()) {
    const text = index < parts.length - 1 ? `${part},` : part
    const last = lines.at(-1) as string
    if (displayWidth(last) + 1 + displayWidth(text) <= columns) lines[lines.length - 1] = `${last} ${text}`
    else lines.push(`  ${text}`)
  }
  return lines
}
