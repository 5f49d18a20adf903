// A set of item indices that stays small: a sorted list, or a bitmap once there are many.
// 10,000 failed records must not push a snapshot over a few KB.

export type IndexSet = readonly number[] | string

const listLimit = 200
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

export const emptySet: IndexSet = []

function bitsAt(set: string, char: number): number {
  return char < set.length ? alphabet.indexOf(set.charAt(char)) : 0
}

export function hasIndex(set: IndexSet, index: number): boolean {
  if (typeof set !== 'string') return set.includes(index)
  return (bitsAt(set, Math.floor(index / 6)) & (1 << (index % 6))) !== 0
}

function withBits(set: string, char: number, bits: number): string {
  const padded = set.padEnd(char + 1, 'A')
  return padded.slice(0, char) + alphabet.charAt(bits) + padded.slice(char + 1)
}

function toBitmap(list: readonly number[]): string {
  const chars: number[] = []
  for (const index of list) {
    const char = Math.floor(index / 6)
    while (chars.length <= char) chars.push(0)
    chars[char] = (chars[char] ?? 0) | (1 << (index % 6))
  }
  return chars.map((bits) => alphabet.charAt(bits)).join('')
}

export function addIndex(set: IndexSet, index: number): IndexSet {
  if (hasIndex(set, index)) return set
  if (typeof set === 'string') {
    const char = Math.floor(index / 6)
    return withBits(set, char, bitsAt(set, char) | (1 << (index % 6)))
  }
  const list = [...set, index].sort((a, b) => a - b)
  return list.length > listLimit ? toBitmap(list) : list
}

export function removeIndex(set: IndexSet, index: number): IndexSet {
  if (typeof set !== 'string') return set.filter((other) => other !== index)
  const char = Math.floor(index / 6)
  const smaller = withBits(set, char, bitsAt(set, char) & ~(1 << (index % 6)))
  const list = listIndices(smaller)
  return list.length <= listLimit / 2 ? list : smaller
}

/** The indices in ascending order. */
export function listIndices(set: IndexSet): number[] {
  if (typeof set !== 'string') return [...set]
  const list: number[] = []
  for (let char = 0; char < set.length; char++) {
    const bits = bitsAt(set, char)
    for (let bit = 0; bits !== 0 && bit < 6; bit++) if (bits & (1 << bit)) list.push(char * 6 + bit)
  }
  return list
}

export function countIndices(set: IndexSet): number {
  return typeof set === 'string' ? listIndices(set).length : set.length
}
