// The tree as lines of text.
import type { NodeRun } from '../../api/contract/node-runs.ts'
import { isFailure } from '../../core/statuses.ts'
import { paint } from '../io.ts'
import { headLook, lookOf } from './look.ts'
import { logKey, type Picture } from './picture.ts'
import { type Branch, treeOf } from './run-tree.ts'

export interface FormatOptions {
  stream: NodeJS.WriteStream
  /** Milliseconds since 1970; for what is under way. */
  now: number
}

export function formatPicture(picture: Picture, options: FormatOptions): string[] {
  const tree = treeOf(picture).flatMap((branch) => formatBranch(branch, { picture, options, depth: 1 }))
  return [formatHead(picture, options), ...tree]
}

export function formatHead({ head }: Picture, { stream, now }: FormatOptions): string {
  const look = headLook(head)
  const target = head.target ? ` on ${head.target.label}` : ''
  const test = head.test ? ' (test)' : ''
  const time = head.startedAt ? duration(now, head.startedAt, head.endedAt) : ''
  const status = paint(stream, look.style, `${look.sign} ${look.word}`)
  const reason = head.reason ? paint(stream, 'dim', ` (${head.reason})`) : ''
  const title = paint(stream, 'bold', `${head.workflowTitle}${target}`)
  return `${status}${reason}  ${title}  execution ${head.id}, version ${head.version}${test}  ${time}`.trimEnd()
}

interface Place {
  picture: Picture
  options: FormatOptions
  depth: number
}

function formatBranch(branch: Branch, place: Place): string[] {
  const { depth, options } = place
  const indent = '  '.repeat(depth)
  const children = branch.children.flatMap((child) => formatBranch(child, { ...place, depth: depth + 1 }))
  const more = branch.more > 0 ? [paint(options.stream, 'dim', `${indent}  … and ${branch.more} more`)] : []
  return [indent + formatLine(branch, place), ...notesOf(branch, place, indent), ...children, ...more]
}

function formatLine(branch: Branch, { picture, options }: Place): string {
  const { run, status, title, id } = branch
  const { stream, now } = options
  const look = lookOf(status, run?.wait)
  const isQuiet = status === 'not-started' || status === 'not-reached'
  const name = isQuiet ? paint(stream, 'dim', title) : title
  const task = run && status === 'waiting' ? picture.tasks.get(id) : undefined
  const parts = [
    run && title !== id && !id.endsWith(']') ? paint(stream, 'dim', id) : '',
    progressText(branch, stream),
    look.word ? paint(stream, look.style, look.word) : '',
    task ? paint(stream, 'yellow', `task ${task.id}: ${task.title}`) : '',
    run?.startedAt ? paint(stream, 'dim', duration(now, run.startedAt, run.endedAt)) : '',
    run && run.attempt > 1 ? paint(stream, 'dim', `attempt ${run.attempt}`) : '',
    run?.manual ? paint(stream, 'dim', `by ${run.manual.by}`) : '',
  ]
  return [`${paint(stream, look.style, look.sign)} ${name}`, ...parts.filter(Boolean)].join('  ')
}

/** Why it failed, and the end of its log. */
function notesOf({ run, children }: Branch, { picture, options }: Place, indent: string): string[] {
  if (run?.status === 'risky')
    return riskTexts(run).map((text) => paint(options.stream, 'yellow', `${indent}    ${text}`))
  if (!run || !isFailure(run.status) || children.some(hasFailed)) return []
  const error = run.error ? [paint(options.stream, 'red', `${indent}    ${oneLine(run.error.message)}`)] : []
  const log = picture.logs.get(logKey(run)) ?? []
  return [...error, ...log.map((line) => paint(options.stream, 'dim', `${indent}    │ ${oneLine(line)}`))]
}

/** What was found dangerous, and where. */
export const riskTexts = ({ risks = [], risksChanged }: NodeRun): string[] => [
  ...(risksChanged ? ['changed since it was confirmed'] : []),
  ...risks.map(({ message, line, found }) => `line ${line}: ${oneLine(found)}: ${message.en}`),
]

const hasFailed = ({ run, children }: Branch): boolean =>
  (run !== undefined && isFailure(run.status)) || children.some(hasFailed)

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim()

function progressText({ progress, run }: Branch, stream: NodeJS.WriteStream): string {
  if (!progress || run?.status === undefined) return ''
  const { done, total, failed } = progress
  const width = Math.min(10, total)
  const full = Math.floor((done / total) * width)
  const bad = failed > 0 ? Math.max(1, Math.round((failed / total) * width)) : 0
  const bars = [
    paint(stream, 'green', '▰'.repeat(full)),
    paint(stream, 'red', '▰'.repeat(Math.min(bad, width - full))),
    paint(stream, 'dim', '▱'.repeat(Math.max(0, width - full - bad))),
  ]
  return `${bars.join('')} ${done}/${total}`
}

export function duration(now: number, startedAt: string, endedAt?: NodeRun['endedAt']): string {
  const ms = Math.max(0, (endedAt ? Date.parse(endedAt) : now) - Date.parse(startedAt))
  if (ms < 1000) return `${ms} ms`
  const seconds = ms / 1000
  if (seconds < 60) return `${seconds.toFixed(1)} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`
  const hours = Math.floor(minutes / 60)
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`
}
