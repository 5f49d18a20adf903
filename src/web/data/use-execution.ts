import { useCallback, useEffect, useRef, useState } from 'react'
import { type Follow, type Following, followExecution } from './follow-execution.ts'

/** The execution as it is now; `again` starts following over. */
export function useExecution(id: string): Following & { again: () => void } {
  const [following, setFollowing] = useState<Following>({ live: 'loading' })
  const follow = useRef<Follow>(undefined)
  useEffect(() => {
    const started = followExecution(id, setFollowing)
    follow.current = started
    return started.stop
  }, [id])
  const again = useCallback(() => follow.current?.again(), [])
  return { ...following, again }
}
