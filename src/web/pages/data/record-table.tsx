import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Collection } from '../../../api/contract/collections.ts'
import type { DataRecord } from '../../../api/contract/records.ts'
import { useText } from '../../i18n/use-language.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'

const numbers = new Set(['integer', 'number'])

/** A value in one cell: short, never a tree. */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) return '–'
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}

type TextOf = ReturnType<typeof useText>

function columnsOf(collection: Collection, text: TextOf): Column<DataRecord>[] {
  const label: Column<DataRecord> = {
    key: ' label',
    title:
      text(collection.fields.find((field) => field.key === collection.label)?.title) ||
      text(collection.title),
    cell: (row) => (
      <Link
        className="f-row-link"
        to="/data"
        search={(search) => ({ ...search, collection: collection.key, record: row.id })}
      >
        {row.label}
      </Link>
    ),
  }
  const fields = collection.fields.filter((field) => field.key !== collection.label)
  return [label, ...fields.map((field) => fieldColumn(field, text))]
}

const fieldColumn = (field: Collection['fields'][number], text: TextOf): Column<DataRecord> => ({
  key: field.key,
  title: text(field.title) || field.key,
  cell: (row) => cellText(row.values[field.key]),
  ...(numbers.has(field.type) ? { align: 'end' } : {}),
})

interface TableProps {
  collection: Collection
  rows: readonly DataRecord[]
  selected: string | undefined
}

export function RecordTable({ collection, rows, selected }: TableProps) {
  const { t } = useTranslation()
  const text = useText()
  return (
    <DataTable
      columns={columnsOf(collection, text)}
      rows={rows}
      rowKey={(row) => row.id}
      label={t('data.records', { title: text(collection.title) })}
      isSelected={(row) => row.id === selected}
    />
  )
}
