// Keys of the page; the table of all shortcuts tells which.
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { surroundingsQuery } from '../../data/queries.ts'
import type { executionTabs } from '../../search.ts'
import { useShortcuts } from '../../shortcuts/listen.ts'
import type { ExecutionPage } from './context.ts'
import { failures } from './selection.ts'

export function useKeys(page: ExecutionPage): void {
  const navigate = useNavigate({ from: '/executions/$id' })
  const { data: around } = useQuery(surroundingsQuery(page.now.execution.id))
  const open = (id: string) => () => void navigate({ to: '/executions/$id', params: { id }, search: {} })
  const show = (tab: (typeof executionTabs)[number]) => () =>
    void navigate({ search: (search) => ({ ...search, tab }), replace: true })
  useShortcuts({
    showGraph: show('graph'),
    showTimeline: show('timeline'),
    showTable: show('table'),
    showLog: show('log'),
    // What leads nowhere is not heard, so that the palette does not offer it.
    ...(failures([...page.last.values()]).length > 0 ? { nextFailure: () => selectNextFailure(page) } : {}),
    ...(around?.previous ? { previousExecution: open(around.previous.id) } : {}),
    ...(around?.next ? { nextExecution: open(around.next.id) } : {}),
  })
}

function selectNextFailure(page: ExecutionPage): void {
  const failed = failures([...page.last.values()])
  const at = failed.findIndex(({ id }) => id === page.selected)
  const next = failed[(at + 1) % failed.length]
  if (next) page.select(next.id)
}
