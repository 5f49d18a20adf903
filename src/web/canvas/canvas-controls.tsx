import { type FitViewOptions, Panel, useReactFlow } from '@xyflow/react'
import { Button, Popover, Tooltip } from 'antd'
import { CircleHelp, type LucideIcon, Maximize, Minus, Plus } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

interface ControlsProps {
  fitOptions: FitViewOptions
  legend: ReactNode
}

export function CanvasControls({ fitOptions, legend }: ControlsProps) {
  const { t } = useTranslation()
  const { zoomIn, zoomOut, fitView } = useReactFlow()
  return (
    <Panel position="bottom-left" className="f-canvas-controls">
      <Control icon={Plus} label={t('canvas.zoomIn')} onClick={() => void zoomIn({ duration: 120 })} />
      <Control icon={Minus} label={t('canvas.zoomOut')} onClick={() => void zoomOut({ duration: 120 })} />
      <Control
        icon={Maximize}
        label={t('canvas.fit')}
        onClick={() => void fitView({ ...fitOptions, duration: 120 })}
      />
      <Popover content={legend} trigger="click" placement="topLeft">
        <Button type="text" size="small" icon={<CircleHelp size={16} />} aria-label={t('canvas.legend')} />
      </Popover>
    </Panel>
  )
}

interface ControlProps {
  icon: LucideIcon
  label: string
  onClick: () => void
}

function Control({ icon: Icon, label, onClick }: ControlProps) {
  return (
    <Tooltip title={label} placement="right">
      <Button type="text" size="small" icon={<Icon size={16} />} aria-label={label} onClick={onClick} />
    </Tooltip>
  )
}
