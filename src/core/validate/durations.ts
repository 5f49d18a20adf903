// Durations beyond all reason: sums with the clock would leave what a date can hold.
import { type Duration, durationMs } from '../document.ts'
import { type Check, report } from './context.ts'

const maxYears = 10
const maxMs = maxYears * 366 * 24 * 3600 * 1000

export function checkDurations(check: Check): void {
  const { settings, nodes } = check.document
  checkDuration(check, settings?.timeout, '/settings/timeout')
  for (const [index, { policy }] of nodes.entries()) {
    const at = `/nodes/${index}/policy`
    checkDuration(check, policy?.timeout, `${at}/timeout`)
    checkDuration(check, policy?.retry?.delay, `${at}/retry/delay`)
    checkDuration(check, policy?.retry?.max, `${at}/retry/max`)
  }
}

function checkDuration(check: Check, duration: Duration | undefined, pointer: string): void {
  if (duration === undefined || durationMs(duration) <= maxMs) return
  report(check, { code: 'invalid-document', message: `expected ${maxYears} years at most`, pointer })
}
