// Runs a parsed command line on a simulated host.
import { commands } from './commands/index.ts'
import { matchFiles } from './files.ts'
import {
  parseLine,
  type Redirect,
  type Segment,
  ShellSyntaxError,
  type Simple,
  type Word,
} from './parse-line.ts'
import type { Session } from './session.ts'

function variable(session: Session, name: string): string {
  if (name === 'HOSTNAME') return session.host.id
  if (name === 'USER') return session.user
  return Object.hasOwn(session.variables, name) ? (session.variables[name] ?? '') : ''
}

function expand(session: Session, word: Word): string[] {
  const parts = word.map((part) => (part.type === 'text' ? part.text : variable(session, part.name)))
  const value = parts.join('')
  const isGlob = word.some((part) => part.type === 'text' && part.glob && /[*?]/.test(part.text))
  if (!isGlob) return [value]
  const found = matchFiles(session.host, value)
  return found.length > 0 ? found : [value]
}

/** Leading `NAME=value` words become variables of the session. */
function takeAssignments(session: Session, words: string[]): string[] {
  let at = 0
  for (; at < words.length; at++) {
    const match = /^([A-Za-z_]\w*)=(.*)$/s.exec(words[at] as string)
    if (!match) break
    session.variables[match[1] as string] = match[2] ?? ''
  }
  return words.slice(at)
}

function redirectInto(session: Session, redirect: Redirect): (text: string) => void {
  const path = redirect.file ? expand(session, redirect.file).join(' ') : ''
  if (path === '/dev/null') return () => undefined
  const { files } = session.host
  const before = redirect.mode === 'append' ? files[path] : undefined
  const file = { sizeMb: before?.sizeMb ?? 0, text: before?.text ?? '' }
  files[path] = file
  return (text) => {
    file.text += text
  }
}

function applyRedirects(session: Session, simple: Simple, stdout: (text: string) => void): Session {
  const streams = { stdout, stderr: session.stderr }
  for (const redirect of simple.redirects) {
    streams[redirect.stream] = redirect.mode === 'merge' ? streams.stdout : redirectInto(session, redirect)
  }
  return { ...session, ...streams }
}

async function runSimple(session: Session, simple: Simple, stdin: string): Promise<number> {
  const words = takeAssignments(
    session,
    simple.words.flatMap((word) => expand(session, word)),
  )
  const [name, ...args] = words
  if (name === undefined) return 0
  return runWords(session, [name, ...args], stdin)
}

/** Runs one command given as words, as `sudo` and `env` do. */
export async function runWords(session: Session, words: string[], stdin: string): Promise<number> {
  const [path = '', ...args] = takeAssignments(session, words)
  const name = path.replace(/^\/(usr\/)?s?bin\//, '')
  if (name === 'sudo')
    return runWords(
      session,
      args.filter((arg) => arg !== '-n'),
      stdin,
    )
  if (['sh', 'bash'].includes(name) && /^-\w*c$/.test(args[0] ?? '')) return runLine(session, args[1] ?? '')
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!command) {
    session.stderr(`bash: line 1: ${path}: command not found\n`)
    return 127
  }
  return command({ ...session, name, args, stdin })
}

async function runPipeline(session: Session, pipeline: Segment['pipeline']): Promise<number> {
  let stdin = ''
  let code = 0
  for (const [index, simple] of pipeline.entries()) {
    let caught = ''
    const isLast = index === pipeline.length - 1
    const keep = (text: string) => {
      caught += text
    }
    const stdout = isLast ? session.stdout : keep
    code = await runSimple(applyRedirects(session, simple, stdout), simple, stdin)
    stdin = caught
  }
  return code
}

function isSkipped(joint: Segment['joint'], code: number): boolean {
  return (joint === '&&' && code !== 0) || (joint === '||' && code === 0)
}

/** Runs a whole line and answers the exit code of the last command, as `sh -c` would. */
export async function runLine(session: Session, line: string): Promise<number> {
  let code = 0
  try {
    for (const segment of parseLine(line)) {
      if (session.signal.aborted) return 130
      if (isSkipped(segment.joint, code)) continue
      code = await runPipeline(session, segment.pipeline)
      session.variables['?'] = String(code)
    }
  } catch (error) {
    if (!(error instanceof ShellSyntaxError)) throw error
    session.stderr(`bash: -c: line 1: ${error.message}\n`)
    return 2
  }
  return code
}
