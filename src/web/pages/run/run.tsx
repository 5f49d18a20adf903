// Workflows I may run, by the role that lets me.
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Button } from 'antd'
import { Play, SearchX } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { RunGroups } from '../../../api/contract/workflows.ts'
import { meQuery, type WorkflowFilter } from '../../data/queries.ts'
import { runGroupsQuery } from '../../data/run-queries.ts'
import type { RunSearch } from '../../search.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Loaded } from '../../ui/messages.tsx'
import { usePreference } from '../../ui/preferences.ts'
import { RoleCard } from './role-card.tsx'
import { isNarrowed, runFilter } from './run-filter.ts'
import { RunFilters } from './run-filters.tsx'

export function Run() {
  const search: RunSearch = useSearch({ from: '/run/' })
  const navigate = useNavigate({ from: '/run' })
  const filter = runFilter(search, new Date())
  const query = useQuery(runGroupsQuery(filter))
  const show = (next: RunSearch) => void navigate({ search: next, replace: true })
  return (
    <div className="f-page">
      <RunFilters
        search={search}
        choices={query.data ?? { targets: [], owners: [] }}
        onChange={(part) => show({ ...search, ...part } as RunSearch)}
      />
      <Loaded query={query}>
        {() =>
          query.data && query.data.items.length > 0 ? (
            <RoleCards groups={query.data} filter={filter} />
          ) : (
            <NoWorkflows
              isNarrowed={isNarrowed(search)}
              onClear={() => show(search.kind ? { kind: search.kind } : {})}
            />
          )
        }
      </Loaded>
    </div>
  )
}

/** Which cards are folded is remembered by this browser. */
function RoleCards({ groups, filter }: { groups: RunGroups; filter: WorkflowFilter }) {
  const [folded, setFolded] = usePreference('folded-roles', '')
  const closed = folded.split(' ').filter(Boolean)
  const toggle = (role: string) =>
    setFolded(
      (closed.includes(role) ? closed.filter((other) => other !== role) : [...closed, role]).join(' '),
    )
  return groups.items.map((group) => (
    <RoleCard
      key={group.role}
      group={group}
      filter={filter}
      targets={groups.targets}
      isOpen={!closed.includes(group.role)}
      onToggle={() => toggle(group.role)}
    />
  ))
}

interface NoWorkflowsProps {
  isNarrowed: boolean
  onClear: () => void
}

function NoWorkflows({ isNarrowed, onClear }: NoWorkflowsProps) {
  const { t } = useTranslation()
  const mayImport = useQuery(meQuery).data?.permissions.includes('workflow.manage')
  const toWorkflows = mayImport && <Link to="/workflows">{t('run.toWorkflows')}</Link>
  if (!isNarrowed)
    return (
      <div className="f-panel">
        <EmptyState icon={Play} title={t('run.none')} text={t('run.noneText')} action={toWorkflows} />
      </div>
    )
  const action = <Button onClick={onClear}>{t('run.clear')}</Button>
  return (
    <div className="f-panel">
      <EmptyState icon={SearchX} title={t('run.noneFit')} text={t('run.noneFitText')} action={action} />
    </div>
  )
}
