// The last 24 hours in half hours: how much of what fits the filters, and how it went. A click narrows the list to that half hour.
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { StripPart } from '../../../api/contract/execution-lists.ts'
import { stripQuery } from '../../data/list-queries.ts'
import { languageTags } from '../../i18n/languages.ts'
import { useLanguage } from '../../i18n/use-language.ts'
import { statusLook } from '../../ui/status-legend.ts'
import { toneVariables } from '../../ui/tokens.ts'
import { changed } from './changed.ts'
import { filterOf } from './filter-of.ts'
import type { SearchProps } from './list-head.tsx'

/** From the bottom up. */
const outcomes = [
  ['completed', 'completed'],
  ['canceled', 'canceled'],
  ['live', 'running'],
  ['failed', 'failed'],
] as const

const sizeOf = (part: StripPart) => part.completed + part.failed + part.canceled + part.live

export function Strip({ search, onChange }: SearchProps) {
  const { t } = useTranslation()
  const tag = languageTags[useLanguage()]
  const [now] = useState(() => Date.now())
  const query = useQuery(stripQuery(filterOf(search, now)))
  const parts = query.data?.items ?? []
  const most = Math.max(1, ...parts.map(sizeOf))
  const clock = new Intl.DateTimeFormat(tag, { hour: '2-digit', minute: '2-digit', hour12: false })
  const titleOf = (part: StripPart) =>
    [
      `${clock.format(new Date(part.from))}–${clock.format(new Date(part.to))}`,
      ...outcomes
        .filter(([name]) => part[name] > 0)
        .map(([name]) => t(`executions.strip.${name}`, { count: part[name] })),
      ...(part.more ? [t('executions.strip.more')] : []),
    ].join('\n')
  return (
    <section className="f-strip" aria-label={t('executions.strip.title')}>
      <div className="f-strip-bars">
        {parts.map((part) => (
          <button
            key={part.from}
            type="button"
            tabIndex={-1}
            className="f-strip-part"
            title={titleOf(part)}
            aria-label={titleOf(part)}
            aria-pressed={search.from === part.from && search.to === part.to}
            onClick={() => onChange(changed(search, { period: undefined, from: part.from, to: part.to }))}
          >
            {outcomes.map(([name, status]) => (
              <span
                key={name}
                className="f-strip-bar"
                style={{ ...toneVariables(statusLook(status).tone), height: heightOf(part[name], most) }}
              />
            ))}
          </button>
        ))}
      </div>
      <Scale parts={parts} clock={clock} />
    </section>
  )
}

function Scale({ parts, clock }: { parts: readonly StripPart[]; clock: Intl.DateTimeFormat }) {
  const { t } = useTranslation()
  const sum = (name: (typeof outcomes)[number][0]) => parts.reduce((all, part) => all + part[name], 0)
  return (
    <div className="f-strip-scale f-quiet f-num">
      <span>{parts[0] && clock.format(new Date(parts[0].from))}</span>
      <span className="f-strip-sums">
        {t('executions.strip.title')}
        {outcomes
          .filter(([name]) => sum(name) > 0)
          .map(([name]) => ` · ${t(`executions.strip.${name}`, { count: sum(name) })}`)}
      </span>
      <span>{t('executions.strip.now')}</span>
    </div>
  )
}

/** What is there at all is seen. */
const heightOf = (count: number, most: number): string =>
  count === 0 ? '0' : `max(3px, ${((100 * count) / most).toFixed(1)}%)`
