import { useEffect, useState } from 'react'
import type { Placement } from './elk-graph.ts'
import { type Drawing, layOut } from './elk-worker.ts'

export interface Placed {
  placement?: Placement
  error?: unknown
  /** The drawing these are the places of. */
  key?: string
}

/**
 * Places of a drawing; a status update keeps its key and so never lays it out again. Until a new drawing is laid out,
 * the places of the one before are answered: see `key`.
 */
export function usePlacement(drawing: Drawing): Placed {
  const [placed, setPlaced] = useState<Placed>({})
  useEffect(() => {
    let current = true
    const { key } = drawing
    layOut(drawing).then(
      (placement) => current && setPlaced({ placement, key }),
      (error: unknown) => current && setPlaced({ error, key }),
    )
    return () => {
      current = false
    }
  }, [drawing])
  return placed
}
