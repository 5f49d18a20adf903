// Every seeded defect.
import type { Defect } from './defect.ts'
import { coreDefects } from './in-the-core.ts'
import { runtimeDefects } from './in-the-runtime.ts'
import { storeDefects } from './in-the-store.ts'

export const allDefects: readonly Defect[] = [...coreDefects, ...runtimeDefects, ...storeDefects]
