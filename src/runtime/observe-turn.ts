// What is told to the outside of a committed turn: figures, log, traces. Called before the turn is concluded, while it
// can still be seen what was before.
import type { Core } from './core.ts'
import { logTurn } from './log-turn.ts'
import type { Turn } from './turn.ts'

export function observeTurn(core: Core, turn: Turn): void {
  core.figures.turned(turn)
  logTurn(core, turn)
  core.traces?.turned(turn)
}
