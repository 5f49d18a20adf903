// For queues, whose handlers run apart from whoever started the chain: the end of each run, told by its number.

export interface Ends {
  /** Starts a run under a number of its own and waits for what it ends with. */
  run(start: (run: number) => Promise<unknown>): Promise<number>
  /** Told by the last handler of the chain. */
  ended(run: number, i: number): void
}

export function keepEnds(): Ends {
  const waiting = new Map<number, (i: number) => void>()
  let last = 0
  return {
    async run(start) {
      const run = ++last
      const end = new Promise<number>((resolve) => waiting.set(run, resolve))
      await start(run)
      return end
    },
    ended(run, i) {
      waiting.get(run)?.(i)
      waiting.delete(run)
    },
  }
}
