// The moment that is replayed: at hand while somebody drags, in the address once they rest.
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useEffect, useRef, useState } from 'react'

const restMs = 300

export interface Moment {
  /** In ms since 1970; undefined: the present. */
  moment: number | undefined
  setMoment: (moment: number | undefined) => void
}

/** `startedAt` in ms: the address holds how long after it. */
export function useMoment(startedAt: number): Moment {
  const { t } = useSearch({ from: '/executions/$id' })
  const navigate = useNavigate({ from: '/executions/$id' })
  // What is yet to come is the present.
  const [moment, show] = useState(() =>
    t === undefined || startedAt + t > Date.now() ? undefined : startedAt + t,
  )
  const resting = useRef<ReturnType<typeof setTimeout>>(undefined)
  const setMoment = useCallback(
    (next: number | undefined) => {
      show(next)
      clearTimeout(resting.current)
      resting.current = setTimeout(() => {
        const offset = next === undefined ? undefined : Math.max(0, Math.round(next - startedAt))
        void navigate({
          search: ({ t: _before, ...rest }) => (offset === undefined ? rest : { ...rest, t: offset }),
          replace: true,
        })
      }, restMs)
    },
    [navigate, startedAt],
  )
  useEffect(() => () => clearTimeout(resting.current), [])
  return { moment, setMoment }
}
