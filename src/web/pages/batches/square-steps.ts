interface Grid {
  at: number
  count: number
  perRow: number
}

/** Where a key leads from a square; undefined: nowhere, the key is not ours. */
export function stepFrom(key: string, { at, count, perRow }: Grid): number | undefined {
  const steps: Record<string, number> = {
    ...{ ArrowRight: at + 1, ArrowLeft: at - 1, ArrowDown: at + perRow, ArrowUp: at - perRow },
    ...{ Home: 0, End: count - 1 },
  }
  const to = steps[key]
  return to === undefined || to < 0 || to >= count ? undefined : to
}
