// What was refused exactly, for those codes that do not say it by themselves: a key with the facts of the case. The
// console has a sentence for each in every language, which names these facts.

export const whyTable = {
  // Rights
  'lacks-permission': ['permission'],
  'lacks-grant': ['grant'],
  'lacks-role': ['role'],
  'task-of-others': [],
  'schedule-of-others': [],
  'foreign-site': [],
  // Acts
  'act-not-possible': ['act', 'status'],
  'run-act-not-possible': ['act', 'run', 'status'],
  'run-not-under-way': ['act', 'run'],
  'batch-act-not-possible': ['batchAct', 'batchState'],
  'task-closed': [],
  'not-a-choice': ['choices'],
  'risk-gone': [],
  'no-records-bound': ['run'],
  'records-copied': ['run', 'node'],
  // Starts
  'changed-meanwhile': [],
  'workflow-disabled': ['workflow'],
  'never-published': ['workflow'],
  'sub-workflow-alone': ['workflow'],
  'draft-on-many': [],
  'no-draft': [],
  'records-locked': ['records'],
  'no-target-wanted': [],
  'target-wanted': ['collection'],
  'target-unfit': ['record', 'filter'],
  'named-twice': ['record'],
  'not-offered': ['record', 'node'],
  'not-chosen-at-start': ['node'],
  'too-many-bound': ['node', 'limit'],
  // Schedules
  'schedule-changed': ['by'],
  'only-completed': ['status'],
  'test-not-scheduled': [],
  'name-taken': ['name'],
  'unknown-time-zone': ['zone'],
  'unreadable-cron': ['cron'],
  'never-fires': [],
  'record-gone': ['collection', 'record'],
  'owner-gone': ['owner'],
  'owner-may-not': ['owner', 'workflow'],
  'still-runs': ['execution'],
  'too-many-wait': ['limit'],
  // Limits
  'too-many-views': ['limit'],
  'too-many-levels': ['limit'],
  'too-many-bytes': ['limit'],
  'too-many-characters': ['limit'],
  'too-many-days': ['limit'],
  'wait-seconds': ['seconds'],
  'not-storable': [],
  // Values that do not fit their schema
  'value-missing': [],
  'value-unknown': [],
  'value-type': ['type'],
  'value-other': ['allowed'],
  'value-short': ['limit'],
  'value-long': ['limit'],
  'value-few': ['limit'],
  'value-many': ['limit'],
  'value-low': ['limit'],
  'value-high': ['limit'],
  'value-not-above': ['limit'],
  'value-not-below': ['limit'],
  'value-format': ['format'],
  'value-pattern': ['pattern'],
  'value-duration': [],
} as const satisfies Record<string, readonly string[]>

type Table = typeof whyTable
export type WhyKey = keyof Table
export type Why = {
  [K in WhyKey]: { readonly key: K } & { readonly [P in Table[K][number]]: string | number }
}[WhyKey]
