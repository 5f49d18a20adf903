import { useMemo } from 'react'
import type { NodeRun } from '../../../api/contract/node-runs.ts'
import { type LiveExecution, lastRuns } from '../../data/live-state.ts'

/** The newest attempt of every run. */
export const useNewest = (state: LiveExecution): NodeRun[] => useMemo(() => lastRuns(state), [state])
