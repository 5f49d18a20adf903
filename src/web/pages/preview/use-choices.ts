import { useEffect, useState } from 'react'
import { changed, type History, type Unchecked, undone, untouched } from './choices.ts'

export interface Choices {
  unchecked: Unchecked
  change: (next: Unchecked) => void
  /** Absent when nothing was changed. */
  undo?: () => void
}

/** Begins anew, from `first`, with each `of`: other targets and versions offer other records. */
export function useChoices(of: string, first: Unchecked): Choices {
  const [state, setState] = useState<{ of: string; history: History }>()
  const history = state?.of === of ? state.history : untouched(first)
  const set = (next: History) => setState({ of, history: next })
  useUndoKey(() => set(undone(history)))
  return {
    unchecked: history.now,
    change: (next) => set(changed(history, next)),
    ...(history.past.length > 0 ? { undo: () => set(undone(history)) } : {}),
  }
}

const texts = 'input:not([type="checkbox"]), textarea, [contenteditable]'

/** Wherever the focus is, but in a text: that undoes its own. */
function useUndoKey(undo: () => void): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const isUndo = event.key === 'z' && (event.ctrlKey || event.metaKey) && !event.shiftKey
      if (!isUndo || (event.target instanceof Element && event.target.matches(texts))) return
      event.preventDefault()
      undo()
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [undo])
}
