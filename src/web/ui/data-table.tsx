// The dense table of every list: sticky header, 36 px rows. A link of class `f-row-link` covers its whole row.
import type { ReactNode } from 'react'

export interface Column<T> {
  key: string
  title: ReactNode
  cell: (row: T) => ReactNode
  /** Numbers and durations stand right. */
  align?: 'end'
  width?: number | string
  /** Left out where the window is narrower: what can also be learned elsewhere. */
  from?: 'medium' | 'wide'
}

interface TableProps<T> {
  columns: readonly Column<T>[]
  rows: readonly T[]
  rowKey: (row: T) => string
  /** Accessible name. */
  label: string
  isSelected?: (row: T) => boolean
}

export function DataTable<T>({ columns, rows, rowKey, label, isSelected }: TableProps<T>) {
  return (
    <table className="f-table" aria-label={label}>
      <thead>
        <tr>
          {columns.map((column) => (
            <th
              key={column.key}
              scope="col"
              data-align={column.align}
              data-from={column.from}
              style={{ width: column.width }}
            >
              {column.title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={rowKey(row)} data-selected={isSelected?.(row) || undefined}>
            {columns.map((column) => (
              <td key={column.key} data-align={column.align} data-from={column.from}>
                {column.cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
