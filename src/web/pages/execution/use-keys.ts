// Keys of the page: 1 to 4 choose a tab, e goes from failure to failure, [ and ] to other executions of the workflow.
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { surroundingsQuery } from '../../data/queries.ts'
import { executionTabs } from '../../search.ts'
import type { ExecutionPage } from './context.ts'
import { failures } from './selection.ts'

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  target.closest('input, textarea, select, [contenteditable], [role=dialog]') !== null

export function useKeys(page: ExecutionPage): void {
  const navigate = useNavigate({ from: '/executions/$id' })
  const { data: around } = useQuery(surroundingsQuery(page.now.execution.id))
  useEffect(() => {
    const open = (id: string | undefined) => {
      if (id !== undefined) void navigate({ to: '/executions/$id', params: { id }, search: {} })
    }
    const acts = new Map<string, () => void>([
      ['[', () => open(around?.previous?.id)],
      [']', () => open(around?.next?.id)],
      ['e', () => selectNextFailure(page)],
      ...executionTabs.map((tab, index): [string, () => void] => [
        String(index + 1),
        () => void navigate({ search: (search) => ({ ...search, tab }), replace: true }),
      ]),
    ])
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      acts.get(event.key)?.()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [page, navigate, around])
}

function selectNextFailure(page: ExecutionPage): void {
  const failed = failures([...page.last.values()])
  const at = failed.findIndex(({ id }) => id === page.selected)
  const next = failed[(at + 1) % failed.length]
  if (next) page.select(next.id)
}
