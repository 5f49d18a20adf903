import { useEffect, useRef, useState } from 'react'

/** The value, taken over at most every `ms`: for what is costly to draw and need not follow every frame. */
export function useCalm<T>(value: T, ms: number): T {
  const [shown, show] = useState(value)
  const newest = useRef(value)
  const resting = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => {
    newest.current = value
    resting.current ??= setTimeout(() => {
      resting.current = undefined
      show(newest.current)
    }, ms)
  }, [value, ms])
  useEffect(
    () => () => {
      clearTimeout(resting.current)
      resting.current = undefined
    },
    [],
  )
  return shown
}
