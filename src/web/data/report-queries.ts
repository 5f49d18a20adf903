// What the reports ask: figures of a time. They are counted anew each time, so they are kept for a minute.
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import {
  recentFailures,
  reportFailures,
  reportNodes,
  reportNodeTypes,
  reportTimeline,
  reportWorkflows,
} from '../../api/contract/reports.ts'
import { api } from './client.ts'
import { every } from './every.ts'

interface Range {
  from: string
  to?: string
}
export interface ReportScope extends Range {
  workflow?: string
  node?: string
  nodeType?: string
}

const kept = { staleTime: 60_000, placeholderData: keepPreviousData }

export const workflowFiguresQuery = (query: Range & { workflow?: string }) =>
  queryOptions({
    queryKey: ['reports', 'workflows', query],
    queryFn: ({ signal }) => api.call(reportWorkflows, { query }, { signal }),
    ...kept,
  })

export const nodeFiguresQuery = (key: string, query: Range) =>
  queryOptions({
    queryKey: ['reports', 'nodes', key, query],
    queryFn: ({ signal }) => api.call(reportNodes, { params: { key }, query }, { signal }),
    ...kept,
  })

export const typeFiguresQuery = (query: Range & { workflow?: string }) =>
  queryOptions({
    queryKey: ['reports', 'types', query],
    queryFn: ({ signal }) => api.call(reportNodeTypes, { query }, { signal }),
    ...kept,
  })

export const timelineQuery = (scope: ReportScope) =>
  queryOptions({
    queryKey: ['reports', 'timeline', scope],
    queryFn: ({ signal }) => {
      const { timeZone } = new Intl.DateTimeFormat().resolvedOptions()
      return api.call(reportTimeline, { query: { ...scope, timeZone } }, { signal })
    },
    ...kept,
  })

export const failuresQuery = (scope: ReportScope) =>
  queryOptions({
    queryKey: ['reports', 'failures', scope],
    queryFn: ({ signal }) => api.call(reportFailures, { query: scope }, { signal }),
    ...kept,
  })

/** Of the last day. */
export const recentFailuresQuery = queryOptions({
  queryKey: ['reports', 'recent-failures'],
  queryFn: ({ signal }) => api.call(recentFailures, {}, { signal }),
  refetchInterval: every(15_000),
})
