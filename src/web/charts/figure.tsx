// A chart with its title, and the table it can be read as.
import { Button } from 'antd'
import { ChartColumn, Table2 } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import './charts.css'

interface FigureProps {
  title: string
  chart: ReactNode
  table: ReactNode
}

export function Figure({ title, chart, table }: FigureProps) {
  const { t } = useTranslation()
  const [isTable, setTable] = useState(false)
  const Icon = isTable ? ChartColumn : Table2
  return (
    <section className="f-panel f-figure" aria-label={title}>
      <div className="f-row">
        <h2 className="f-grow">{title}</h2>
        <Button
          size="small"
          type="text"
          icon={<Icon size={14} />}
          aria-pressed={isTable}
          onClick={() => setTable(!isTable)}
        >
          {t(isTable ? 'reports.asChart' : 'reports.asTable')}
        </Button>
      </div>
      {isTable ? table : chart}
    </section>
  )
}
