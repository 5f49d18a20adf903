// A list of thousands of rows of one height, of which only those in sight are drawn.
import { Fragment, type ReactNode } from 'react'
import { useWindow } from '../ui/use-window.ts'

interface RowsProps<T> {
  rows: readonly T[]
  rowHeight: number
  keyOf: (row: T) => string
  children: (row: T) => ReactNode
}

export function WindowedRows<T>({ rows, rowHeight, keyOf, children }: RowsProps<T>) {
  const { area, onScroll, first, end } = useWindow(rows.length, rowHeight)
  return (
    <div ref={area} className="f-windowed" onScroll={onScroll}>
      <div style={{ height: rows.length * rowHeight, paddingTop: first * rowHeight }}>
        {rows.slice(first, end).map((row) => (
          <Fragment key={keyOf(row)}>{children(row)}</Fragment>
        ))}
      </div>
    </div>
  )
}
