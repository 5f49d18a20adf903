// Keeps lists of executions fresh: any change the server tells of makes them ask again, at most every second.
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useState } from 'react'
import { type Changed, followList } from './follow-list.ts'
import type { SourceStatus } from './live-source.ts'

/** `onChange` hears of what changed, and with nothing in it after each connection; see `follow-list.ts`. */
export function useListEvents(onChange?: (items: Changed) => void): SourceStatus | undefined {
  const queries = useQueryClient()
  const [live, setLive] = useState<SourceStatus>()
  const tell = useEffectEvent((items: Changed) => {
    onChange?.(items)
    void queries.invalidateQueries({ queryKey: ['executions'] })
    void queries.invalidateQueries({ queryKey: ['tasks'] })
  })
  useEffect(() => followList({ onLive: setLive, onChange: (items) => tell(items) }), [])
  return live
}
