// The program of a sandbox child: answers one script at a time, and goes when its server goes.
import { createEvaluator } from './evaluate.ts'
import type { ScriptRequest } from './protocol.ts'

const evaluate = createEvaluator()
process.on('disconnect', () => process.exit(0))
process.on('message', async (request: ScriptRequest) => {
  process.send?.(await evaluate(request))
})
process.send?.('ready')
