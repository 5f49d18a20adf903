// Figures that are the same whichever process is asked: of live executions, the queue and the processes.
import type { DatabaseFigures } from '../../store/figures-read.ts'
import { createRegistry, type Registry } from './registry.ts'

/** Without figures the database did not answer. */
export function databaseText(figures: DatabaseFigures | undefined): string {
  const registry = createRegistry()
  registry.gauge({ name: 'fermata_database_up', help: 'Whether the database answered.' }, () => [
    { value: figures ? 1 : 0 },
  ])
  if (figures) {
    addExecutions(registry, figures)
    addQueue(registry, figures)
    addTags(registry, figures)
    addProcesses(registry, figures)
  }
  return registry.text()
}

function addExecutions(registry: Registry, { live, tasks }: DatabaseFigures): void {
  const sum = (rows: DatabaseFigures['live']) => rows.reduce((total, { count }) => total + count, 0)
  const statuses = ['queued', 'running', 'paused']
  registry.gauge(
    { name: 'fermata_executions_live', help: 'Executions that have not ended.', labels: ['status'] },
    () =>
      statuses.map((status) => ({
        labels: [status],
        value: sum(live.filter((row) => row.status === status)),
      })),
  )
  registry.gauge(
    { name: 'fermata_executions_waiting', help: 'Live executions that wait for time, a person or an event.' },
    () => [{ value: sum(live.filter(({ waiting }) => waiting)) }],
  )
  registry.gauge(
    { name: 'fermata_executions_attention', help: 'Live executions that need somebody to decide.' },
    () => [{ value: sum(live.filter(({ attention }) => attention)) }],
  )
  registry.gauge({ name: 'fermata_tasks_open', help: 'Tasks nobody has done yet.' }, () => [{ value: tasks }])
}

function addTags(registry: Registry, { tags }: DatabaseFigures): void {
  const gauge = (name: string, help: string, read: (tag: DatabaseFigures['tags'][number]) => number) =>
    registry.gauge({ name, help, labels: ['tag'] }, () =>
      tags.map((tag) => ({ labels: [tag.tag], value: read(tag) })),
    )
  gauge('fermata_tag_waiting', 'Effects that wait for a process with the tag.', ({ count }) => count)
  gauge('fermata_tag_age_seconds', 'How long the first of them has waited.', ({ age }) => age)
  gauge('fermata_tag_workers', 'Processes that serve the tag; 0: nobody does.', ({ workers }) => workers)
}

function addQueue(registry: Registry, { queue, suspects }: DatabaseFigures): void {
  registry.gauge(
    {
      name: 'fermata_queue_rows',
      help: 'Rows of the queue. State due: waits for a process; claimed: is worked on; later: its time has not come; held: paused.',
      labels: ['workflow', 'kind', 'state'],
    },
    () =>
      queue.map(({ workflow, kind, state, count }) => ({ labels: [workflow, kind, state], value: count })),
  )
  registry.gauge(
    {
      name: 'fermata_queue_age_seconds',
      help: 'How long the oldest of them has been due, claimed or not.',
      labels: ['workflow', 'kind', 'state'],
    },
    () =>
      queue.flatMap(({ workflow, kind, state, age }) =>
        age === null ? [] : [{ labels: [workflow, kind, state], value: age }],
      ),
  )
  registry.gauge(
    {
      name: 'fermata_queue_suspects',
      help: 'Effects that were interrupted and wait for their next try.',
    },
    () => [{ value: suspects }],
  )
}

function addProcesses(registry: Registry, { processes }: DatabaseFigures): void {
  const roles = ['api', 'worker', 'scheduler']
  registry.gauge({ name: 'fermata_processes', help: 'Processes on this database.', labels: ['role'] }, () =>
    roles.map((role) => ({
      labels: [role],
      value: processes.filter((process) => process.roles.includes(role)).length,
    })),
  )
  registry.gauge(
    {
      name: 'fermata_process_silence_seconds',
      help: 'Since the last heartbeat of the process that has been silent for longest.',
    },
    () => [{ value: Math.max(0, ...processes.map(({ silent }) => silent)) }],
  )
}
