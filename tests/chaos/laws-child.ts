// Tries the laws of the core in this process, whose core may be a defective one; tells those that do not hold.
import { coreLaws } from '../helpers/core-laws.ts'

const broken = Object.entries(coreLaws).flatMap(([name, law]) => {
  try {
    law({ numRuns: 300, seed: 1, endOnFailure: true })
    return []
  } catch (error) {
    return [`law broken: ${name}: ${String(error).split('\n')[0]}`]
  }
})
process.send?.(broken)
