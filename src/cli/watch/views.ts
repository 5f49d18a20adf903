// What a person sees while an execution is followed: redrawn in place on a terminal, else a line per change.
import type { NodeRun } from '../../api/contract/node-runs.ts'
import { isFailure } from '../../core/statuses.ts'
import { type Io, paint, print } from '../io.ts'
import { fitTo } from './display-width.ts'
import { duration, formatHead, formatPicture, riskTexts } from './format-tree.ts'
import { headLook, lookOf } from './look.ts'
import { logKey, type Picture } from './picture.ts'

export interface View {
  /** `changed`: runs whose status is new since the last call. */
  show(picture: Picture, changed: readonly NodeRun[]): void
  /** Below the tree: what can be done now. */
  prompt(lines: readonly string[]): void
  /** Leaves the last state on the screen. */
  end(): void
}

export const quietView: View = { show() {}, prompt() {}, end() {} }

export function plainView(io: Io): View {
  let headWord = ''
  return {
    show(picture, changed) {
      for (const run of changed) for (const line of changeLines(io, picture, run)) print(io, line)
      const { word } = headLook(picture.head)
      if (word !== headWord) print(io, formatHead(picture, { stream: io.stdout, now: Date.now() }))
      headWord = word
    },
    prompt() {},
    end() {},
  }
}

function changeLines(io: Io, { tasks, logs }: Picture, run: NodeRun): string[] {
  if (run.status === 'queued') return []
  const { sign, style, word } = lookOf(run.status, run.wait)
  const task = run.status === 'waiting' ? tasks.get(run.id) : undefined
  const parts = [
    `  ${paint(io.stdout, style, sign)} ${run.id}`,
    paint(io.stdout, style, word),
    task ? `task ${task.id}: ${task.title}` : '',
    run.startedAt && run.endedAt ? paint(io.stdout, 'dim', duration(0, run.startedAt, run.endedAt)) : '',
    run.attempt > 1 ? paint(io.stdout, 'dim', `attempt ${run.attempt}`) : '',
    isFailure(run.status) && run.error ? run.error.message : '',
    run.status === 'risky' ? riskTexts(run).join('; ') : '',
  ]
  const log = isFailure(run.status) ? (logs.get(logKey(run)) ?? []) : []
  return [parts.filter(Boolean).join('  '), ...log.map((line) => paint(io.stdout, 'dim', `      │ ${line}`))]
}

const everyMs = 200
const esc = String.fromCharCode(27)

export function liveView(io: Io): View {
  const { stdout } = io
  let picture: Picture | undefined
  let footer: readonly string[] = []
  let drawn = 0
  const erase = () => {
    if (drawn > 0) stdout.write(`${esc}[${drawn}A${esc}[0J`)
    drawn = 0
  }
  const draw = () => {
    if (!picture) return
    const { columns = 80, rows = 24 } = stdout
    const tree = formatPicture(picture, { stream: stdout, now: Date.now() })
    const lines = fitHeight(tree, rows - footer.length - 1).concat(footer)
    erase()
    for (const line of lines) print(io, fitTo(line, columns - 1))
    drawn = lines.length
  }
  const timer = setInterval(draw, everyMs)
  return {
    show(next) {
      picture = next
      draw()
    },
    prompt(lines) {
      footer = lines
      draw()
    },
    end() {
      clearInterval(timer)
      erase()
      if (!picture) return
      for (const line of formatPicture(picture, { stream: stdout, now: Date.now() })) print(io, line)
    },
  }
}

/** The head stays; of the rest the end, where things happen. */
function fitHeight(lines: string[], rows: number): string[] {
  if (lines.length <= rows) return lines
  const [head = '', ...rest] = lines
  const kept = Math.max(1, rows - 2)
  return [head, `  … ${rest.length - kept} lines above`, ...rest.slice(-kept)]
}
