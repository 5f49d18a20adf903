// Which rows of a long list are on screen: only they are drawn, whatever the list's length.
import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react'

export interface RowWindow {
  area: RefObject<HTMLDivElement | null>
  onScroll: () => void
  /** Of the rows drawn: first, and one past the last. */
  first: number
  end: number
}

/** Rows drawn beyond the edges, so that scrolling shows no gaps. */
const beyond = 12

/** For rows of one height inside `area`, the element that scrolls. */
export function useWindow(count: number, rowHeight: number): RowWindow {
  const area = useRef<HTMLDivElement>(null)
  const [seen, setSeen] = useState({ first: 0, end: 60 })
  const look = useCallback(() => {
    const box = area.current
    if (!box) return
    const first = Math.max(0, Math.floor(box.scrollTop / rowHeight) - beyond)
    const end = Math.ceil((box.scrollTop + box.clientHeight) / rowHeight) + beyond
    setSeen((before) => (before.first === first && before.end === end ? before : { first, end }))
  }, [rowHeight])
  useLayoutEffect(() => {
    const box = area.current
    if (!box) return
    look()
    const resized = new ResizeObserver(look)
    resized.observe(box)
    return () => resized.disconnect()
  }, [look])
  return {
    area,
    onScroll: look,
    first: Math.min(seen.first, Math.max(0, count - 1)),
    end: Math.min(seen.end, count),
  }
}

/** Scrolls the row into sight when it is out of it; called whenever `row` changes, -1 for none. */
export function useRowInSight({ area }: RowWindow, row: number, rowHeight: number): void {
  useLayoutEffect(() => {
    const box = area.current
    if (!box || row < 0) return
    const top = row * rowHeight
    if (top >= box.scrollTop && top + rowHeight <= box.scrollTop + box.clientHeight - rowHeight) return
    box.scrollTop = Math.max(0, top - box.clientHeight / 2)
  }, [area, row, rowHeight])
}
