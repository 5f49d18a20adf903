// What one of my roles lets me run.
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import { ChevronDown, ChevronRight } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { RunGroups, Workflow } from '../../../api/contract/workflows.ts'
import { type WorkflowFilter, workflowsQuery } from '../../data/queries.ts'
import { useText } from '../../i18n/use-language.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { LoadMore } from '../../ui/load-more.tsx'
import { Loaded } from '../../ui/messages.tsx'
import { RelativeTime } from '../../ui/times.tsx'
import { StarButton } from './star-button.tsx'
import { StateTag } from './state-tag.tsx'
import { VersionPicker } from './version-picker.tsx'

interface CardProps {
  group: RunGroups['items'][number]
  filter: WorkflowFilter
  targets: RunGroups['targets']
  isOpen: boolean
  onToggle: () => void
}

export function RoleCard({ group, filter, targets, isOpen, onToggle }: CardProps) {
  const { t } = useTranslation()
  const Chevron = isOpen ? ChevronDown : ChevronRight
  return (
    <section className="f-panel" aria-label={t('run.byRole', { role: group.title })}>
      <h2>
        <button type="button" className="f-role-head" aria-expanded={isOpen} onClick={onToggle}>
          <Chevron size={16} aria-hidden />
          <span>{group.title}</span>
          <span className="f-count f-num">{group.count}</span>
        </button>
      </h2>
      {isOpen && <RoleWorkflows group={group} filter={filter} targets={targets} />}
    </section>
  )
}

function RoleWorkflows({ group, filter, targets }: Pick<CardProps, 'group' | 'filter' | 'targets'>) {
  const { t } = useTranslation()
  const text = useText()
  const query = useInfiniteQuery(workflowsQuery({ ...filter, grant: 'run', role: group.role }))
  const rows = query.data?.pages.flatMap((page) => page.items) ?? []
  const titles = new Map(targets.map(({ key, title }) => [key, text(title)]))
  const titleOf = (collection: string) => titles.get(collection) ?? collection
  return (
    <>
      <Loaded query={query}>
        {() => (
          <DataTable
            columns={columns(t, titleOf)}
            rows={rows}
            rowKey={(row) => row.key}
            label={t('run.byRole', { role: group.title })}
          />
        )}
      </Loaded>
      <LoadMore query={query} />
    </>
  )
}

const columns = (t: TFunction, titleOf: (collection: string) => string): Column<Workflow>[] => [
  { key: 'star', title: '', width: 44, cell: (row) => <StarButton workflow={row} /> },
  { key: 'title', title: t('workflows.title'), cell: (row) => <NameCell row={row} /> },
  { key: 'version', title: t('workflows.version'), width: 90, cell: (row) => <VersionCell row={row} /> },
  {
    key: 'target',
    title: t('workflows.target'),
    width: 'clamp(140px, 15vw, 210px)',
    cell: (row) =>
      row.targetCollection === undefined ? (
        <span className="f-quiet">{t('workflows.noTarget')}</span>
      ) : (
        <>
          {titleOf(row.targetCollection)}
          {row.targetFilter && (
            <div className="f-quiet f-code f-clip" title={row.targetFilter}>
              {row.targetFilter}
            </div>
          )}
        </>
      ),
  },
  {
    key: 'owner',
    title: t('run.owner'),
    width: 'clamp(130px, 12vw, 170px)',
    cell: (row) => (
      <>
        <div className="f-clip" title={row.owners.join(', ')}>
          {row.owners.join(', ')}
        </div>
        <div className="f-quiet f-clip">{t('run.createdBy', { name: row.createdBy })}</div>
      </>
    ),
  },
  {
    key: 'state',
    title: t('workflows.state'),
    width: 110,
    from: 'medium',
    cell: (row) => <StateTag state={row.state} />,
  },
  {
    key: 'updated',
    title: t('workflows.updated'),
    width: 'clamp(110px, 11vw, 160px)',
    cell: (row) => (
      <>
        <RelativeTime at={row.updatedAt} />
        <div className="f-quiet f-clip">{row.updatedBy}</div>
      </>
    ),
  },
]

function NameCell({ row }: { row: Workflow }) {
  return (
    <>
      <Link className="f-row-link" to="/run/$workflow" params={{ workflow: row.key }}>
        {row.title}
      </Link>{' '}
      <code className="f-quiet">{row.key}</code>
      {row.description && <div className="f-quiet f-clip-2">{row.description}</div>}
    </>
  )
}

function VersionCell({ row }: { row: Workflow }) {
  const navigate = useNavigate()
  return (
    <VersionPicker
      workflow={row.key}
      version={row.published}
      onPick={({ version, state }) =>
        void navigate({
          to: '/run/$workflow',
          params: { workflow: row.key },
          search: state === 'published' ? {} : { version },
        })
      }
    />
  )
}
