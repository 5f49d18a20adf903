import { useNavigate } from '@tanstack/react-router'
import type { SchedulesSearch } from '../../search.ts'

/** What changes; undefined takes a filter away. */
export type Part = { [K in keyof SchedulesSearch]?: SchedulesSearch[K] | undefined }

/** Changes filters in the address, where they are kept. */
export function useSetSearch(): (part: Part) => void {
  const navigate = useNavigate({ from: '/schedules' })
  return (part) =>
    void navigate({
      search: (known) =>
        Object.fromEntries(
          Object.entries({ ...known, ...part }).filter(([, value]) => value !== undefined),
        ) as SchedulesSearch,
      replace: true,
    })
}
