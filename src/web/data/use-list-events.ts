// Keeps lists of executions fresh: any change the server tells of makes them ask again, at most every second.
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { listEvents } from '../../api/contract/live.ts'
import { urlOf } from '../../client/client.ts'

const restMs = 1000

export function useListEvents(): 'live' | 'reconnecting' | undefined {
  const queries = useQueryClient()
  const [live, setLive] = useState<'live' | 'reconnecting'>()
  useEffect(() => {
    const source = new EventSource(urlOf(listEvents))
    let resting: ReturnType<typeof setTimeout> | undefined
    source.addEventListener('open', () => setLive('live'))
    source.addEventListener('error', () => setLive('reconnecting'))
    source.addEventListener('change', () => {
      resting ??= setTimeout(() => {
        resting = undefined
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
