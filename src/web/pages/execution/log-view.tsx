// The log of one attempt: colours of the terminal, search, a link to each line, and a file to keep.
import { useQuery } from '@tanstack/react-query'
import { Button, Input, Tooltip } from 'antd'
import { Download } from 'lucide-react'
import { memo, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LogLine, NodeRun } from '../../../api/contract/node-runs.ts'
import { isSettled } from '../../../core/statuses.ts'
import { logsQuery } from '../../data/queries.ts'
import { languageTags } from '../../i18n/languages.ts'
import { useLanguage } from '../../i18n/use-language.ts'
import { ansiParts, plainText } from '../../ui/ansi.ts'
import { Loaded } from '../../ui/messages.tsx'
import { saveFile } from '../../ui/save-file.ts'
import { clockTime } from '../../ui/time.ts'
import { useExecutionPage } from './context.ts'

export function LogView({ run }: { run: NodeRun }) {
  const { t } = useTranslation()
  const { live } = useExecutionPage()
  const isLive = !isSettled(run.status)
  const query = useQuery(logsQuery(live.execution.id, run.id, run.attempt, isLive))
  const { refetch } = query
  useEffect(() => {
    // The last lines may have come after the last look.
    if (!isLive) void refetch()
  }, [isLive, refetch])
  return (
    <Loaded query={query}>
      {() =>
        query.data?.length ? (
          <Log lines={query.data} name={`${live.execution.id}-${run.id}-${run.attempt}`} />
        ) : (
          <p className="f-quiet">{t('inspector.noLog')}</p>
        )
      }
    </Loaded>
  )
}

const shownAtOnce = 500

function Log({ lines, name }: { lines: readonly LogLine[]; name: string }) {
  const { t } = useTranslation()
  const { place } = useExecutionPage()
  const [wanted, setWanted] = useState('')
  const [limit, setLimit] = useState(() => atLeastTo(lines, place.line))
  const found = useMemo(() => search(lines, wanted), [lines, wanted])
  const shown = found.slice(-limit)
  const earlier = found.length - shown.length
  const save = () =>
    saveFile(`${name}.log`, lines.map(({ at, text }) => `${at} ${plainText(text)}\n`).join(''))
  return (
    <div className="f-stack f-log-view">
      <div className="f-row">
        <Input
          size="small"
          className="f-grow"
          allowClear
          aria-label={t('log.search')}
          placeholder={t('log.search')}
          suffix={wanted && <span className="f-quiet f-num">{found.length}</span>}
          onChange={(event) => setWanted(event.target.value)}
        />
        <Tooltip title={t('log.download')}>
          <Button size="small" icon={<Download size={14} />} aria-label={t('log.download')} onClick={save} />
        </Tooltip>
      </div>
      <ol className="f-log f-code" aria-label={t('inspector.tabs.log')}>
        {earlier > 0 && (
          <li>
            <Button type="link" size="small" onClick={() => setLimit(limit + shownAtOnce)}>
              {t('log.earlier', { count: earlier })}
            </Button>
          </li>
        )}
        {shown.map((line) => (
          <Line key={line.line} line={line} isLinked={place.line === line.line} />
        ))}
      </ol>
    </div>
  )
}

/** As many of the last lines as are needed for the linked one to be among them. */
function atLeastTo(lines: readonly LogLine[], linked: number | undefined): number {
  const index = lines.findIndex(({ line }) => line === linked)
  return index < 0 ? shownAtOnce : Math.max(shownAtOnce, lines.length - index + 10)
}

function search(lines: readonly LogLine[], text: string): readonly LogLine[] {
  const wanted = text.trim().toLowerCase()
  if (wanted === '') return lines
  return lines.filter((line) => plainText(line.text).toLowerCase().includes(wanted))
}

const Line = memo(function Line({ line, isLinked }: { line: LogLine; isLinked: boolean }) {
  const { t } = useTranslation()
  const tag = languageTags[useLanguage()]
  const { go } = useExecutionPage()
  const row = useRef<HTMLLIElement>(null)
  useEffect(() => {
    if (isLinked) row.current?.scrollIntoView({ block: 'center' })
  }, [isLinked])
  return (
    <li ref={row} data-level={line.level} data-linked={isLinked || undefined}>
      <button
        type="button"
        className="f-log-number f-num"
        aria-label={t('log.link', { line: line.line })}
        onClick={() => go({ view: 'log', line: line.line })}
      >
        {line.line}
      </button>
      <time dateTime={line.at}>{clockTime(Date.parse(line.at), tag)}</time>
      <span>
        {ansiParts(line.text).map((part) => (
          <span
            key={part.at}
            data-color={part.color}
            data-bold={part.bold}
            data-dim={part.dim}
            data-underline={part.underline}
          >
            {part.text}
          </span>
        ))}
      </span>
    </li>
  )
})
