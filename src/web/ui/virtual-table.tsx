// A table of rows of one height that may be very many: only those on screen are drawn.
import type { Column } from './data-table.tsx'
import { useRowInSight, useWindow } from './use-window.ts'
import './virtual-table.css'

interface TableProps<T> {
  columns: readonly Column<T>[]
  rows: readonly T[]
  rowKey: (row: T) => string
  /** Accessible name. */
  label: string
  isSelected?: (row: T) => boolean
}

const rowHeight = 37

/** Fills its place and scrolls in it; the selected row comes into sight. */
export function VirtualTable<T>({ columns, rows, rowKey, label, isSelected }: TableProps<T>) {
  const shown = useWindow(rows.length, rowHeight)
  useRowInSight(shown, isSelected ? rows.findIndex(isSelected) : -1, rowHeight)
  return (
    <div ref={shown.area} className="f-scroll" onScroll={shown.onScroll}>
      <table className="f-table f-table-even" aria-label={label} aria-rowcount={rows.length + 1}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.key} scope="col" data-align={column.align} style={{ width: column.width }}>
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <Space rows={shown.first} columns={columns.length} />
          {rows.slice(shown.first, shown.end).map((row, index) => (
            <tr
              key={rowKey(row)}
              aria-rowindex={shown.first + index + 2}
              data-selected={isSelected?.(row) || undefined}
            >
              {columns.map((column) => (
                <td key={column.key} data-align={column.align}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
          <Space rows={rows.length - shown.end} columns={columns.length} />
        </tbody>
      </table>
    </div>
  )
}

function Space({ rows, columns }: { rows: number; columns: number }) {
  if (rows <= 0) return null
  return (
    <tr aria-hidden className="f-table-space">
      <td colSpan={columns} style={{ height: rows * rowHeight }} />
    </tr>
  )
}
