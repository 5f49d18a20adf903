// Reads the text of one setting; throws an Error that says what would be right.
import { readFileSync } from 'node:fs'
import { tagPattern } from './core/document.ts'
import { anywhere } from './core/run-on.ts'

export function splitList(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

export function parseInteger(text: string, least: number, most: number): number {
  const number = Number(text)
  if (/^\d+$/.test(text) && number >= least && number <= most) return number
  throw new Error(`must be a whole number from ${least} to ${most}, not "${text}"`)
}

export function oneOf<T extends string>(choices: readonly T[], text: string): T {
  const found = choices.find((choice) => choice === text)
  if (found) return found
  throw new Error(`must be one of ${choices.join(', ')}, not "${text}"`)
}

export function parseDays(text: string): number | undefined {
  return parseInteger(text, 0, 36_500) || undefined
}

export function parseSwitch(text: string): boolean {
  if (text === '1' || text === '0') return text === '1'
  throw new Error(`must be 1 or 0, not "${text}"`)
}

export function parseUrl(protocols: readonly string[], text: string): string | undefined {
  if (text === '') return undefined
  // The value may hold a password: it is not repeated in the message.
  if (!protocols.some((protocol) => text.startsWith(`${protocol}//`)))
    throw new Error(`must begin with ${protocols[0]}//`)
  return text
}

export function parsePassword(text: string): string | undefined {
  if (text === '') return undefined
  if (text.length < 8) throw new Error('must have at least 8 characters')
  return text
}

export function parseRole(text: string): 'api' | 'worker' | 'scheduler' {
  if (text === 'api' || text === 'worker' || text === 'scheduler') return text
  throw new Error(`must be a list of api, worker and scheduler; "${text}" is none of them`)
}

export function parseTag(text: string): string {
  if (new RegExp(tagPattern).test(text) && text !== anywhere) return text
  throw new Error(`must be a list of tags: lower case letters, digits, ".", "_" and "-"; "${text}" is none`)
}

export function parseAllowed(text: string): string {
  if (/^[\w.*-]+(:\d{1,5})?$|^\[?[\da-fA-F:.]+\]?([/:]\d{1,5})?$/.test(text)) return text
  throw new Error(`must be a list of host names, addresses and ranges; "${text}" is none of them`)
}

export function parseShare(text: string): number {
  const share = Number(text)
  if (/^\d*\.?\d+$/.test(text) && share <= 1) return share
  throw new Error(`must be a number from 0 to 1, not "${text}"`)
}

export type Env = Readonly<Record<string, string | undefined>>

/** The variable, or what is in the file that `NAME_FILE` names, where secrets come as files. Throws an Error that goes on from the name of the setting. */
export function settingText(env: Env, name: string): string | undefined {
  const text = env[name]?.trim()
  const file = env[`${name}_FILE`]?.trim()
  if (text || !file) return text
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new Error(`must be in the file ${file}, which cannot be read (${code})`)
  }
}
