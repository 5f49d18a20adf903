// Columns a text takes in a terminal: East Asian and most pictographs take two.
import { stripVTControlCharacters } from 'node:util'

const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u
const zero = /\p{Mark}|\u200d/u

export function displayWidth(text: string): number {
  let width = 0
  for (const character of stripVTControlCharacters(text)) width += widthOf(character)
  return width
}

function widthOf(character: string): number {
  if (zero.test(character)) return 0
  return wide.test(character) ? 2 : 1
}

/** Cut to `columns`; sequences that colour are kept whole and cost nothing. */
export function fitTo(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text
  let width = 0
  let fitted = ''
  for (const part of text.split(escapes)) {
    if (part.startsWith('\u001b')) {
      fitted += part
      continue
    }
    for (const character of part) {
      width += widthOf(character)
      if (width < columns) fitted += character
    }
  }
  return `${fitted}…`
}

// Built from its code: the character itself does not belong into source.
const escapes = new RegExp(`(${String.fromCharCode(27)}\\[[0-9;]*m)`)
