// A question to the person at the terminal.
import { createInterface } from 'node:readline/promises'
import type { Io } from './io.ts'

export async function ask({ stdin, stdout }: Io, question: string): Promise<string> {
  const lines = createInterface({ input: stdin, output: stdout })
  const answer = await lines.question(question)
  lines.close()
  return answer.trim()
}
