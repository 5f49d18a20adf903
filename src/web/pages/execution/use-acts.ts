import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import type { ActEntry } from '../../../api/contract/executions.ts'
import { actsQuery } from '../../data/queries.ts'

const restMs = 1000
const none: readonly ActEntry[] = []

/** What people did; asked again after a change of the execution, at most every second. */
export function useActs(id: string, seq: number): readonly ActEntry[] {
  const queries = useQueryClient()
  const acts = useQuery(actsQuery(id))
  const resting = useRef<ReturnType<typeof setTimeout>>(undefined)
  const asked = useRef(seq)
  useEffect(() => {
    if (asked.current === seq) return
    asked.current = seq
    resting.current ??= setTimeout(() => {
      resting.current = undefined
      void queries.invalidateQueries({ queryKey: ['acts', id] })
    }, restMs)
  }, [queries, id, seq])
  useEffect(() => () => clearTimeout(resting.current), [])
  return acts.data?.items ?? none
}
