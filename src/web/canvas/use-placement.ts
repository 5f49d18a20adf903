import { useEffect, useState } from 'react'
import type { Placement } from './elk-graph.ts'
import { layOut } from './elk-worker.ts'
import type { Structure } from './structure.ts'

export interface Placed {
  placement?: Placement
  error?: unknown
}

/** Places of the structure; a status update keeps its key and so never lays it out again. */
export function usePlacement(structure: Structure): Placed {
  const [placed, setPlaced] = useState<Placed & { key?: string }>({})
  useEffect(() => {
    let current = true
    layOut(structure).then(
      (placement) => current && setPlaced({ placement, key: structure.key }),
      (error: unknown) => current && setPlaced({ error, key: structure.key }),
    )
    return () => {
      current = false
    }
  }, [structure])
  return placed.key === structure.key ? placed : {}
}
