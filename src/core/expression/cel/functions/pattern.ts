// Regular expressions in linear time: RE2 syntax, no look-around, no back-references.
import { RE2JS } from 're2js'
import { boundedCache } from '../../cache.ts'
import { type Frame, fail, spend } from '../frame.ts'

const maxPatternLength = 1000
const compiled = boundedCache<RE2JS>(500)

/** Whether the pattern matches anywhere in the text. */
export function findPattern(text: string, source: string, frame: Frame): boolean {
  const pattern = compiled.get(source) ?? compilePattern(source, frame)
  spend(frame, Math.ceil((text.length * pattern.programSize()) / 4))
  return pattern.matcher(text).find()
}

function compilePattern(source: string, frame: Frame): RE2JS {
  if (source.length > maxPatternLength) fail(frame, `a pattern has at most ${maxPatternLength} characters`)
  spend(frame, source.length * 100)
  try {
    const pattern = RE2JS.compile(source)
    compiled.set(source, pattern)
    return pattern
  } catch (error) {
    return fail(frame, `not a valid pattern: ${error instanceof Error ? error.message : source}`)
  }
}
