// All chaos tests, in the order they are run.
import type { ChaosCase } from './chaos-case.ts'
import { randomKill } from './random-kill.ts'

export const allCases: readonly ChaosCase[] = [randomKill]
