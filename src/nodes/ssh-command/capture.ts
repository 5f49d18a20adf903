// Keeps the beginning of a stream of text and hands on its lines as they come.
import { StringDecoder } from 'node:string_decoder'

export interface Capture {
  write(chunk: Buffer): void
  /** Hands on the last line and answers the text kept. */
  end(): string
  isTruncated(): boolean
}

const maxLine = 4000

/** At most `maxBytes` are kept; lines beyond them are not handed on either. */
export function createCapture(maxBytes: number, onLine: (line: string) => void): Capture {
  const decoder = new StringDecoder('utf8')
  let text = ''
  let rest = ''
  let left = maxBytes
  let truncated = false
  const take = (part: string) => {
    text += part
    const lines = (rest + part).split(/\r?\n|\r(?!$)/)
    rest = lines.pop() ?? ''
    for (const line of lines) onLine(line.slice(0, maxLine))
    if (rest.length <= maxLine) return
    onLine(rest.slice(0, maxLine))
    rest = rest.slice(maxLine)
  }
  return {
    write(chunk) {
      const kept = chunk.subarray(0, left)
      truncated ||= kept.length < chunk.length
      left -= kept.length
      if (kept.length > 0) take(decoder.write(kept))
    },
    end() {
      // A character cut in two by the limit is dropped.
      if (!truncated) take(decoder.end())
      if (rest !== '') onLine(rest.slice(0, maxLine))
      rest = ''
      return text
    },
    isTruncated: () => truncated,
  }
}
