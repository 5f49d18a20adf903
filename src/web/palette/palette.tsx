// One field from which everything can be reached: pages, what this page can do, workflows, executions.
import { Modal } from 'antd'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorPanel } from '../ui/messages.tsx'
import { useTypedText } from '../ui/use-typed-text.ts'
import { PaletteField } from './palette-field.tsx'
import { optionId, PaletteList } from './palette-list.tsx'
import { ranked } from './rank.ts'
import { type Entry, useEntries } from './use-entries.tsx'
import './palette.css'

export function Palette({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const list = useId()
  const [q, setQ] = useState('')
  const [typed, setTyped] = useTypedText(q, setQ)
  const { entries, isFetching, error } = useEntries(q)
  const groups = ranked(entries, typed)
  const shown = groups.flatMap((part) => part.entries)
  const { active, setPointed, step } = useActive(shown)
  const choose = (entry: Entry) => {
    onClose()
    entry.open()
  }
  const title = t('palette.title')
  return (
    <Modal
      open
      className="f-palette"
      title={title}
      closable={false}
      mask={{ closable: true }}
      footer={null}
      onCancel={onClose}
    >
      <PaletteField
        typed={typed}
        onType={(text) => {
          setTyped(text)
          setPointed(undefined)
        }}
        list={list}
        option={active && optionId(list, active)}
        onStep={step}
        onChoose={() => active && choose(active)}
        onClose={onClose}
      />
      {active && (
        <PaletteList id={list} groups={groups} active={active} onPoint={setPointed} onChoose={choose} />
      )}
      {error !== undefined && <ErrorPanel error={error} />}
      <Told isSearching={isFetching || typed !== q} count={shown.length} />
    </Modal>
  )
}

/** The one that Enter would open: the first, unless another was pointed at. */
function useActive(shown: readonly Entry[]) {
  const [pointed, setPointed] = useState<string>()
  const at = Math.max(
    0,
    shown.findIndex(({ key }) => key === pointed),
  )
  const step = (by: 1 | -1) => setPointed(shown[(at + by + shown.length) % shown.length]?.key)
  return { active: shown[at], setPointed, step }
}

/** Seen where nothing else is; heard always. */
function Told({ isSearching, count }: { isSearching: boolean; count: number }) {
  const { t } = useTranslation()
  const none = t(isSearching ? 'palette.searching' : 'palette.none')
  return (
    <p role="status" className={count > 0 ? 'f-hidden-text' : 'f-palette-none'}>
      {count > 0 ? t('palette.count', { count }) : none}
    </p>
  )
}
