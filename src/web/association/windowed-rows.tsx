// A list of thousands of rows of one height, of which only those in sight are drawn.
import { Fragment, type ReactNode, useState } from 'react'

interface RowsProps<T> {
  rows: readonly T[]
  rowHeight: number
  keyOf: (row: T) => string
  children: (row: T) => ReactNode
}

/** Drawn above and below what is in sight, and before the height is known. */
const spare = 8
const firstHeight = 400

export function WindowedRows<T>({ rows, rowHeight, keyOf, children }: RowsProps<T>) {
  const [view, setView] = useState({ top: 0, height: firstHeight })
  const first = Math.max(0, Math.floor(view.top / rowHeight) - spare)
  const last = Math.ceil((view.top + view.height) / rowHeight) + spare
  return (
    <div
      className="f-windowed"
      onScroll={({ currentTarget }) =>
        setView({ top: currentTarget.scrollTop, height: currentTarget.clientHeight })
      }
    >
      <div style={{ height: rows.length * rowHeight, paddingTop: Math.min(first, rows.length) * rowHeight }}>
        {rows.slice(first, last).map((row) => (
          <Fragment key={keyOf(row)}>{children(row)}</Fragment>
        ))}
      </div>
    </div>
  )
}
