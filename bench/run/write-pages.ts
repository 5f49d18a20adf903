import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { performancePage, withSpeed } from './page.ts'
import { readResults, resultsFile } from './results.ts'

const root = join(import.meta.dirname, '../..')
export const pagePath = join(root, 'docs/reference/performance.md')
export const readmePath = join(root, 'README.md')

/** Brings what is told about speed up to the results. */
export function writePages(): void {
  const results = readResults(resultsFile)
  writeFileSync(pagePath, performancePage(results))
  writeFileSync(readmePath, withSpeed(readFileSync(readmePath, 'utf8'), results))
}
