// The versions that may be run: those that were published, the current one first.
import { useQuery } from '@tanstack/react-query'
import { Button, Dropdown, type MenuProps } from 'antd'
import { ChevronDown } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { VersionSummary } from '../../../api/contract/workflows.ts'
import { versionsQuery } from '../../data/run-queries.ts'
import { RelativeTime } from '../../ui/times.tsx'

interface PickerProps {
  workflow: string
  /** The one shown now. */
  version: number | undefined
  onPick: (version: VersionSummary) => void
}

export function VersionPicker({ workflow, version, onPick }: PickerProps) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const query = useQuery({ ...versionsQuery(workflow), enabled: open })
  const versions = (query.data?.items ?? []).filter((one) => one.publishedAt !== undefined)
  const items: MenuProps['items'] = versions.map((one) => ({
    key: String(one.version),
    label: <VersionLine version={one} />,
  }))
  const nothing = [{ key: '', label: t('common.loading'), disabled: true }]
  return (
    <Dropdown
      trigger={['click']}
      autoFocus
      open={open}
      onOpenChange={setOpen}
      menu={{
        items: items.length > 0 ? items : nothing,
        selectedKeys: [String(version)],
        onClick: ({ key }) => {
          const picked = versions.find((one) => String(one.version) === key)
          if (picked) onPick(picked)
        },
      }}
    >
      <Button
        size="small"
        type="text"
        className="f-version f-num"
        aria-label={`v${version}, ${t('run.versions', { version })}`}
      >
        v{version} <ChevronDown size={12} aria-hidden />
      </Button>
    </Dropdown>
  )
}

function VersionLine({
  version: { version, state, note, publishedAt, publishedBy },
}: {
  version: VersionSummary
}) {
  const { t } = useTranslation()
  return (
    <span className="f-version-line">
      <strong className="f-num">v{version}</strong>
      <span>{t(`run.versionStates.${state}`)}</span>
      <span className="f-quiet">
        <RelativeTime at={publishedAt} /> {publishedBy}
      </span>
      {note && <span className="f-quiet f-version-note">{note}</span>}
    </span>
  )
}
