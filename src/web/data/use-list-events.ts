// Keeps lists of executions fresh: any change the server tells of makes them ask again, at most every second.
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useState } from 'react'
import { type ListChange, listEvents } from '../../api/contract/live.ts'
import { urlOf } from '../../client/client.ts'

const restMs = 1000

export type Changed = ListChange['items']

/** `onChange` hears of what changed, at most every second; the last change of each execution. */
export function useListEvents(onChange?: (items: Changed) => void): 'live' | 'reconnecting' | undefined {
  const queries = useQueryClient()
  const [live, setLive] = useState<'live' | 'reconnecting'>()
  const tell = useEffectEvent((items: Changed) => onChange?.(items))
  useEffect(() => {
    const source = new EventSource(urlOf(listEvents))
    const changed = new Map<string, Changed[number]>()
    let resting: ReturnType<typeof setTimeout> | undefined
    source.addEventListener('open', () => setLive('live'))
    source.addEventListener('error', () => setLive('reconnecting'))
    source.addEventListener('change', (event: MessageEvent<string>) => {
      for (const item of (JSON.parse(event.data) as ListChange).items) changed.set(item.id, item)
      resting ??= setTimeout(() => {
        resting = undefined
        tell([...changed.values()])
        changed.clear()
        void queries.invalidateQueries({ queryKey: ['executions'] })
        void queries.invalidateQueries({ queryKey: ['tasks'] })
      }, restMs)
    })
    return () => {
      source.close()
      clearTimeout(resting)
    }
  }, [queries])
  return live
}
