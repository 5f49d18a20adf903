// A JSON value to read, fold, search and copy: whole, or the way to a part of it.
import { Button, Input, Tooltip } from 'antd'
import { ChevronDown, ChevronRight, Download, Link2, Search } from 'lucide-react'
import { createContext, useContext, useDeferredValue, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CopyButton } from './copy-button.tsx'
import { type Found, type JsonPath, members, pathExpression, pathKey, searchJson } from './json-path.ts'
import { saveFile } from './save-file.ts'

const shownAtOnce = 200
/** Characters of a text: more would fill the page. */
const shownOfText = 600

interface TreeProps {
  value: unknown
  /** What expressions call the value, e.g. `nodes.restart.output`; copied paths begin with it. */
  root?: string
  /** Of the file it can be saved as, without its ending. */
  name?: string
}

interface Tree {
  root: string
  found: Found | undefined
}
const TreeContext = createContext<Tree>({ root: '', found: undefined })

export function JsonTree({ value, root = '', name = 'value' }: TreeProps) {
  const [text, setText] = useState('')
  // Whoever types is not held up by a large value.
  const wanted = useDeferredValue(text)
  const found = useMemo(() => searchJson(value, wanted), [value, wanted])
  const tree = useMemo(() => ({ root, found }), [root, found])
  return (
    <div className="f-json f-code">
      <Tools value={value} name={name} found={found} onSearch={setText} />
      <ul>
        <TreeContext value={tree}>
          <Entry value={value} path={[]} />
        </TreeContext>
      </ul>
    </div>
  )
}

interface ToolsProps {
  value: unknown
  name: string
  found: Found | undefined
  onSearch: (text: string) => void
}

function Tools({ value, name, found, onSearch }: ToolsProps) {
  const { t } = useTranslation()
  const [searching, setSearching] = useState(false)
  const text = () => JSON.stringify(value, null, 2) ?? ''
  return (
    <div className="f-json-tools">
      {searching && (
        <Input
          size="small"
          autoFocus
          allowClear
          aria-label={t('json.search')}
          placeholder={t('json.search')}
          suffix={
            found && (
              <span className="f-quiet f-num">
                {found.count}
                {found.isMore && '+'}
              </span>
            )
          }
          onChange={(event) => onSearch(event.target.value)}
        />
      )}
      <Tooltip title={t('json.search')}>
        <Button
          type="text"
          size="small"
          icon={<Search size={14} />}
          aria-label={t('json.search')}
          aria-pressed={searching}
          onClick={() => {
            setSearching(!searching)
            onSearch('')
          }}
        />
      </Tooltip>
      <CopyButton label={t('common.copy')} text={text} />
      <Tooltip title={t('json.download')}>
        <Button
          type="text"
          size="small"
          icon={<Download size={14} />}
          aria-label={t('json.download')}
          onClick={() => saveFile(`${name}.json`, text(), 'application/json')}
        />
      </Tooltip>
    </div>
  )
}

interface EntryProps {
  value: unknown
  path: JsonPath
}

function Entry({ value, path }: EntryProps) {
  if (typeof value === 'object' && value !== null) return <Branch value={value} path={path} />
  return (
    <li>
      <Name path={path} />
      <Scalar value={value} />
      <CopyPath path={path} />
    </li>
  )
}

function Name({ path }: { path: JsonPath }) {
  const name = path.at(-1)
  return name === undefined ? null : <span className="f-json-key">{name}: </span>
}

/** Shown while its line is pointed at or has the focus. */
function CopyPath({ path }: { path: JsonPath }) {
  const { t } = useTranslation()
  const { root } = useContext(TreeContext)
  if (path.length === 0) return null
  const expression = pathExpression(root, path)
  return (
    <CopyButton
      className="f-json-path"
      icon={Link2}
      label={t('json.copyPath', { path: expression })}
      text={() => expression}
    />
  )
}

function Scalar({ value }: { value: unknown }) {
  const kind = value === null ? 'null' : typeof value
  if (typeof value === 'string' && value.length > shownOfText) return <LongText text={value} />
  return <span className={`f-json-${kind}`}>{JSON.stringify(value) ?? 'undefined'}</span>
}

function LongText({ text }: { text: string }) {
  const { t } = useTranslation()
  const [length, setLength] = useState(shownOfText)
  const rest = text.length - length
  return (
    <>
      <span className="f-json-string">{JSON.stringify(text.slice(0, length))}</span>
      {rest > 0 && (
        <button type="button" className="f-json-more" onClick={() => setLength(length * 10)}>
          {t('json.moreText', { count: rest })}
        </button>
      )}
    </>
  )
}

/** Of a search only what was found: a list of thousands is not drawn for one hit. */
function membersShown(value: object, path: JsonPath, found: Found | undefined): [string | number, unknown][] {
  const all = members(value)
  return found ? all.filter(([key]) => found.shown.has(pathKey([...path, key]))) : all
}

function Branch({ value, path }: { value: object; path: JsonPath }) {
  const { t } = useTranslation()
  const { found } = useContext(TreeContext)
  const entries = membersShown(value, path, found)
  const size = Array.isArray(value) ? value.length : Object.keys(value).length
  const [unfolded, setUnfolded] = useState(path.length < 2 && size <= 50)
  const [limit, setLimit] = useState(shownAtOnce)
  const open = unfolded || found !== undefined
  const Chevron = open ? ChevronDown : ChevronRight
  return (
    <li>
      <button type="button" className="f-json-fold" aria-expanded={open} onClick={() => setUnfolded(!open)}>
        <Chevron size={12} aria-hidden />
        <Name path={path} />
        <span className="f-quiet">{Array.isArray(value) ? `[${size}]` : `{${size}}`}</span>
      </button>
      <CopyPath path={path} />
      {open && (
        <ul>
          {entries.slice(0, limit).map(([key, item]) => (
            <Entry key={key} value={item} path={[...path, key]} />
          ))}
          {entries.length > limit && (
            <li>
              <button type="button" className="f-json-fold" onClick={() => setLimit(limit + shownAtOnce)}>
                {t('common.more', { count: entries.length - limit })}
              </button>
            </li>
          )}
        </ul>
      )}
    </li>
  )
}
