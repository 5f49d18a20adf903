import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { HttpFigures, HttpLoad } from './http-load.ts'

const program = join(import.meta.dirname, 'http-load.ts')

/** Runs the load generator in its own process; throws when an answer is not 2xx. */
export async function runHttpLoad(load: HttpLoad): Promise<HttpFigures> {
  const { stdout } = await promisify(execFile)(process.execPath, [program, JSON.stringify(load)])
  return JSON.parse(stdout) as HttpFigures
}
