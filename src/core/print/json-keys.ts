// `JSON.parse` takes the last of two equal keys without a word; here the second one is found.

const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g

interface Reader {
  /** Keys of the maps around; undefined for lists. */
  open: (Set<string> | undefined)[]
  /** The next text is a key. */
  isKey: boolean
}

/** The span of the first key that its map has already. The text must be valid JSON. */
export function findDuplicateKey(text: string): [start: number, end: number] | undefined {
  const reader: Reader = { open: [], isKey: false }
  for (const { 0: part, index } of text.matchAll(token)) {
    if (!part.startsWith('"')) readMark(reader, part)
    else if (reader.isKey && !addKey(reader, part)) return [index, index + part.length]
  }
  return undefined
}

function readMark(reader: Reader, mark: string): void {
  const { open } = reader
  if (mark === '{') open.push(new Set())
  else if (mark === '[') open.push(undefined)
  else if (mark === '}' || mark === ']') open.pop()
  reader.isKey = mark === '{' || (mark === ',' && open.at(-1) !== undefined)
}

/** Whether the key is new. */
function addKey(reader: Reader, text: string): boolean {
  const keys = reader.open.at(-1)
  const key: string = JSON.parse(text)
  reader.isKey = false
  if (keys?.has(key)) return false
  keys?.add(key)
  return true
}
