// What the bench says to the program of a system under test and what it answers, over the IPC channel of Node.

/** Which of a program's ways of doing W10. */
export type Work = 'w10' | 'inline' | 'effects'

/** What a program gets to work with. */
export interface Place {
  /** A fresh database on the one PostgreSQL server that all share. */
  databaseUrl: string
  /** Where the packages of the system were installed. */
  install: string
  /** An empty folder, deleted afterwards. */
  scratch: string
}

export interface LoadOrder {
  work: Work
  /** Executions under way at a time. */
  inFlight: number
  ms: number
}

/** Only executions that ended, with the right number, count. */
export interface LoadResult {
  completed: number
  /** From the first start to the last end. */
  seconds: number
  /** Of one execution, from start to end, in ms. */
  p50: number
  /** Used by the process of the program; servers it started are not in it. */
  cpuSeconds: number
}

export type Order = { do: 'open'; place: Place } | { do: 'load'; load: LoadOrder } | { do: 'close' }
export type Answer = { ready: true } | { result: LoadResult } | { error: string }
