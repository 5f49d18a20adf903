// Single keys of a terminal, as they are pressed.
import type { Io } from '../io.ts'

const interrupts = ['\u0003', '\u0004']

/** `onKey` gets one character; `leave` stands for Ctrl-C and Ctrl-D. Answers how to stop listening. */
export function readKeys({ stdin }: Io, onKey: (key: string) => void): () => void {
  const listen = (chunk: Buffer) => {
    for (const character of chunk.toString()) onKey(interrupts.includes(character) ? 'leave' : character)
  }
  stdin.setRawMode(true)
  stdin.on('data', listen).resume()
  return () => {
    stdin.off('data', listen).pause()
    stdin.setRawMode(false)
  }
}
