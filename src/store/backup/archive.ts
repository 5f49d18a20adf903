// The file of a backup: lines of JSON and, after each line that names a table, its rows as PostgreSQL copies them, in
// pieces with their length. Compressed as a whole; the last line holds the hash of everything before it.
import { createHash } from 'node:crypto'
import { AppError } from '../../core/errors.ts'

const newline = 10
const lengthBytes = 4

/** One line. */
export function encodeLine(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value)}\n`)
}

/** One piece of rows; an empty one ends the table. */
export function encodePiece(bytes: Uint8Array): Buffer {
  const head = Buffer.alloc(lengthBytes)
  head.writeUInt32BE(bytes.length)
  return Buffer.concat([head, bytes])
}

export const endOfPieces = encodePiece(Buffer.alloc(0))

/** Adds the last line. */
export async function* withHash(parts: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const hash = createHash('sha256')
  for await (const part of parts) {
    hash.update(part)
    yield part
  }
  yield encodeLine({ sha256: hash.digest('hex') })
}

export interface ArchiveReader {
  line<T>(): Promise<T>
  /** The pieces up to the end of the table. */
  pieces(): AsyncGenerator<Buffer>
  /** Reads the last line. Throws `bad-request` when what was read is not what was written. */
  checkHash(): Promise<void>
}

export function readArchive(source: AsyncIterable<Buffer>): ArchiveReader {
  const parts = source[Symbol.asyncIterator]()
  const hash = createHash('sha256')
  let rest: Buffer = Buffer.alloc(0)

  async function more(): Promise<void> {
    const { value, done } = await parts.next()
    if (done) throw broken('it ends in the middle')
    rest = rest.length === 0 ? value : Buffer.concat([rest, value])
  }

  async function take(length: number): Promise<Buffer> {
    while (rest.length < length) await more()
    const taken = rest.subarray(0, length)
    rest = rest.subarray(length)
    return taken
  }

  async function takeLine(): Promise<Buffer> {
    let end = rest.indexOf(newline)
    while (end < 0) {
      await more()
      end = rest.indexOf(newline)
    }
    return take(end + 1)
  }

  return {
    async line<T>() {
      const bytes = await takeLine()
      hash.update(bytes)
      return JSON.parse(bytes.toString()) as T
    },
    async *pieces() {
      for (;;) {
        const head = await take(lengthBytes)
        hash.update(head)
        const length = head.readUInt32BE()
        if (length === 0) return
        const bytes = await take(length)
        hash.update(bytes)
        yield bytes
      }
    },
    async checkHash() {
      const { sha256 } = JSON.parse((await takeLine()).toString()) as { sha256: string }
      if (sha256 !== hash.digest('hex')) throw broken('its check sum is wrong')
    },
  }
}

export function broken(why: string): AppError {
  return new AppError('bad-request', `This is no whole backup of Fermata: ${why}`)
}
