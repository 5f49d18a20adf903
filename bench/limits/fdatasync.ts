// The disk: one page written and flushed, over and over, in the folder of the database.
import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { median } from '../run/median.ts'

const page = Buffer.alloc(8192, 'x')
const pages = 128

/** Median milliseconds of one write and flush. */
export function flushTime(folder: string, times = 500): number {
  const path = join(folder, 'bench-fdatasync')
  const file = openSync(path, 'w')
  try {
    // The file has its size first, as a segment of the log has.
    for (let n = 0; n < pages; n++) writeSync(file, page, 0, page.length, n * page.length)
    fdatasyncSync(file)
    const taken = Array.from({ length: times }, (_, n) => {
      const started = performance.now()
      writeSync(file, page, 0, page.length, (n % pages) * page.length)
      fdatasyncSync(file)
      return performance.now() - started
    })
    return median(taken)
  } finally {
    closeSync(file)
    rmSync(path)
  }
}
