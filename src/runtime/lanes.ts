// Which effects a process runs: those that ask for no tag, and those that ask for one of its own.

/** Undefined is the lane of effects without a tag. */
export type Lane = string | undefined

export interface Lanes {
  has(lane: Lane): boolean
  /** Each time another one first: none starves another in a process that serves several. */
  inTurn(): readonly Lane[]
}

export interface LaneOptions {
  tags?: readonly string[] | undefined
  /** Default true. */
  untagged?: boolean | undefined
}

export function createLanes({ tags = [], untagged = true }: LaneOptions): Lanes {
  const lanes: Lane[] = [...(untagged ? [undefined] : []), ...new Set(tags)]
  const known = new Set(lanes)
  let turn = 0
  return {
    has: (lane) => known.has(lane),
    inTurn() {
      if (lanes.length < 2) return lanes
      turn = (turn + 1) % lanes.length
      return [...lanes.slice(turn), ...lanes.slice(0, turn)]
    },
  }
}
