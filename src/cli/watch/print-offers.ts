import { type Io, paint, print } from '../io.ts'
import type { Offer } from './offers.ts'

export function offerLines(io: Io, offers: readonly Offer[]): string[] {
  return offers.map(
    ({ label, command }) => `  npm run fermata -- ${command}  ${paint(io.stdout, 'dim', `# ${label}`)}`,
  )
}

export function printOffers(io: Io, offers: readonly Offer[]): void {
  if (offers.length === 0) return
  print(io, '')
  print(io, 'What to do:')
  for (const line of offerLines(io, offers)) print(io, line)
}
