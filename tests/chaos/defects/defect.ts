// A seeded defect: one place of the product's source, and what a hurried change might make of it. No switch in the
// product knows about them: a loader rewrites the source of a child process (see `preload/seed-defect.ts`).
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DrillName } from '../drills/all-drills.ts'

export const root = join(import.meta.dirname, '../../..')

export interface Defect {
  name: string
  /** From the root of the repository. */
  file: string
  /** Occurs exactly once in the file; a change of the code that moves it fails the test of its defect. */
  find: string
  replace: string
  /** What it does to people, in one sentence. */
  why: string
  foundBy: DrillName
  /** What the drill must complain about: a defect found for another reason was not found. */
  finding: RegExp
}

/** Throws unless the place is there exactly once. */
export function seedDefect(defect: Defect, source: string): string {
  const found = source.split(defect.find).length - 1
  if (found === 1) return source.replace(defect.find, () => defect.replace)
  throw new Error(`${defect.file} contains the place of defect '${defect.name}' ${found} times, not once`)
}

export function readTarget({ file }: Defect): string {
  return readFileSync(join(root, file), 'utf8')
}
