// Every function of the expression language by name.
import type { ExpressionFunction } from './function.ts'
import { listFunctions } from './list.ts'
import { numberFunctions } from './number.ts'
import { textFunctions } from './text.ts'
import { timeFunctions } from './time.ts'

export const library: ReadonlyMap<string, ExpressionFunction> = new Map(
  Object.entries({ ...textFunctions, ...numberFunctions, ...listFunctions, ...timeFunctions }),
)
