import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { Ranked } from './rank.ts'
import type { Entry } from './use-entries.tsx'

export const optionId = (list: string, { key }: Entry): string => `${list}-${key.replaceAll(/\W/g, '-')}`

interface ListProps {
  id: string
  groups: readonly Ranked<Entry>[]
  active: Entry
  onPoint: (key: string) => void
  onChoose: (entry: Entry) => void
}

/** The focus stays in the field above, which tells which of these is meant. */
export function PaletteList({ id, groups, active, onPoint, onChoose }: ListProps) {
  const { t } = useTranslation()
  const activeId = optionId(id, active)
  useEffect(() => {
    document.getElementById(activeId)?.scrollIntoView({ block: 'nearest' })
  }, [activeId])
  return (
    <div className="f-palette-list" role="listbox" id={id} aria-label={t('palette.title')} data-names>
      {groups.map(({ group, entries }) => (
        <fieldset key={group} aria-labelledby={`${id}-${group}`}>
          <div className="f-palette-group" id={`${id}-${group}`} role="presentation">
            {t(`palette.groups.${group}`)}
          </div>
          {entries.map((entry) => (
            <button
              key={entry.key}
              type="button"
              role="option"
              id={optionId(id, entry)}
              tabIndex={-1}
              aria-selected={entry === active}
              onMouseMove={() => onPoint(entry.key)}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => onChoose(entry)}
            >
              {entry.icon}
              <span className="f-palette-title">{entry.title}</span>
              <span className="f-palette-note">{entry.note}</span>
              <span className="f-palette-end">{entry.end}</span>
            </button>
          ))}
        </fieldset>
      ))}
    </div>
  )
}
