// The laws of the core in a process of their own.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Drill } from './stage.ts'

export const laws: Drill = async ({ flaw }) => {
  const child = fork(join(import.meta.dirname, '../laws-child.ts'), [], {
    execArgv: (flaw?.preload ?? []).flatMap((file) => ['--import', file]),
    env: { ...process.env, ...flaw?.env },
  })
  const [broken] = await Promise.race([once(child, 'message'), once(child, 'exit').then(() => [undefined])])
  return broken === undefined ? ['the laws could not be tried'] : (broken as string[])
}
