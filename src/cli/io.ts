// What a command may touch of the process around it; tests give their own.
import { styleText } from 'node:util'

export interface Io {
  env: Readonly<Record<string, string | undefined>>
  stdin: NodeJS.ReadStream
  stdout: NodeJS.WriteStream
  stderr: NodeJS.WriteStream
}

export function print(io: Io, text: string): void {
  io.stdout.write(`${text}\n`)
}

export function printJson(io: Io, value: unknown): void {
  print(io, JSON.stringify(value, null, 2))
}

/** For people, beside the result. */
export function note(io: Io, text: string): void {
  io.stderr.write(`${text}\n`)
}

export type Style = Parameters<typeof styleText>[0]

/** Coloured where the terminal shows colours and nobody forbids them (NO_COLOR). */
export function paint(stream: NodeJS.WriteStream, style: Style, text: string): string {
  return styleText(style, text, { stream })
}

/** A person sits at both ends. */
export function isInteractive({ stdin, stdout }: Io): boolean {
  return stdin.isTTY === true && stdout.isTTY === true
}
