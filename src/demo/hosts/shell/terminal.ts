// The interactive side of the shell, for an operator who signs in with `ssh` to look or to clean up.
import type { Duplex } from 'node:stream'
import { runLine } from './run-line.ts'
import type { Session } from './session.ts'

interface Terminal {
  session: Session
  channel: Duplex & { exit(code: number): unknown }
  onChange: () => void
  typed: string
  /** Lines are run one after another, whatever the speed they are pasted at. */
  turn: Promise<void>
}

function prompt({ session }: Terminal): void {
  session.stdout(`[${session.user}@${session.host.id} ~]$ `)
}

function leave(terminal: Terminal): void {
  terminal.channel.exit(Number(terminal.session.variables['?'] ?? 0))
  terminal.channel.end()
}

async function runTyped(terminal: Terminal, line: string): Promise<void> {
  if (terminal.session.signal.aborted) return
  if (/^\s*(exit|logout)\b/.test(line)) return leave(terminal)
  await runLine(terminal.session, line)
  terminal.onChange()
  prompt(terminal)
}

function erase(terminal: Terminal): void {
  if (terminal.typed === '') return
  terminal.typed = terminal.typed.slice(0, -1)
  terminal.session.stdout('\b \b')
}

function enter(terminal: Terminal): void {
  const line = terminal.typed
  terminal.typed = ''
  terminal.session.stdout('\n')
  terminal.turn = terminal.turn.then(() => runTyped(terminal, line))
}

function type(terminal: Terminal, key: string): void {
  if (key === '\r' || key === '\n') enter(terminal)
  else if (key === '\x7f' || key === '\b') erase(terminal)
  else if (key === '\x04') terminal.turn = terminal.turn.then(() => leave(terminal))
  else if (key === '\x03') {
    terminal.typed = ''
    terminal.session.stdout('^C\n')
    prompt(terminal)
  } else if (key >= ' ' && terminal.typed.length < 4096) {
    terminal.typed += key
    terminal.session.stdout(key)
  }
}

export function openTerminal(session: Session, channel: Terminal['channel'], onChange: () => void): void {
  const crlf = (write: (text: string) => void) => (text: string) => write(text.replace(/\r?\n/g, '\r\n'))
  const terminal: Terminal = {
    session: { ...session, stdout: crlf(session.stdout), stderr: crlf(session.stderr) },
    channel,
    onChange,
    typed: '',
    turn: Promise.resolve(),
  }
  terminal.session.stdout(`Simulated host of the Fermata demo: ${session.host.os}, ${session.host.address}\n`)
  prompt(terminal)
  channel.setEncoding('utf8')
  channel.on('data', (text: string) => {
    for (const key of text) type(terminal, key)
  })
  channel.on('end', () => leave(terminal))
}
