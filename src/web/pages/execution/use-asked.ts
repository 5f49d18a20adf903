import { useCallback, useState } from 'react'
import type { NodeRun } from '../../../api/contract/node-runs.ts'
import type { OfferedAct } from './context.ts'

/** The act somebody is about to do, on the run as it was when they chose it. */
export function useAsked() {
  const [asked, setAsked] = useState<{ act: OfferedAct; run: NodeRun }>()
  const ask = useCallback((act: OfferedAct, run: NodeRun) => setAsked({ act, run }), [])
  const onClose = useCallback(() => setAsked(undefined), [])
  return { dialog: asked && { ...asked, onClose }, ask }
}
