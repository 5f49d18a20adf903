// The messages about scheduled executions: written when something has happened, delivered by whichever process takes them.
import type { ScheduleEvent } from '../core/schedule/schedule.ts'
import type { Db } from './db.ts'

export interface MessageContent {
  schedule: string
  name: string
  workflow: string
  target: string | null
  execution: string | null
  status: string | null
  reason: string | null
  /** ISO 8601. */
  due: string
  /** Of mails. */
  language?: 'en' | 'zh' | 'ru'
}

export interface NewMessage {
  schedule: string
  /** Milliseconds. */
  due: number
  event: ScheduleEvent
  way: 'mail' | 'webhook'
  addresses: readonly string[]
  content: MessageContent
  /** It cannot be delivered at all. */
  error?: string
}

export async function insertMessage(tx: Db, message: NewMessage): Promise<void> {
  const { schedule, due, event, way, addresses, content, error } = message
  await tx.run(
    `insert into fermata.messages (schedule_id, due_at, event, way, addresses, content, status, error, ended_at)
     values ($1, to_timestamp($2::float8 / 1000), $3, $4, $5, $6,
       case when $7::text is null then 'open' else 'failed' end, $7, case when $7 is not null then now() end)`,
    [schedule, due, event, way, addresses, JSON.stringify(content), error ?? null],
    'insert_message',
  )
}

export interface TakenMessage {
  id: string
  event: ScheduleEvent
  way: 'mail' | 'webhook'
  addresses: string[]
  content: MessageContent
  /** This one included. */
  tries: number
}

/** Takes messages that are due. One whose process dies meanwhile is taken again after a minute. */
export async function takeMessages(db: Db, limit: number): Promise<TakenMessage[]> {
  return db.query<TakenMessage>(
    `with due as (
       select id from fermata.messages where status = 'open' and next_try_at <= now()
       order by next_try_at limit $1 for update skip locked)
     update fermata.messages m set tries = tries + 1, next_try_at = now() + interval '1 minute'
     from due where m.id = due.id
     returning m.id, m.event, m.way, m.addresses, m.content, m.tries`,
    [limit],
    'take_messages',
  )
}

export async function markSent(db: Db, id: string): Promise<void> {
  await db.run(
    `update fermata.messages set status = 'sent', error = null, ended_at = now() where id = $1`,
    [id],
    'mark_message_sent',
  )
}

/** Tried again after `delayMs`; undefined: given up. */
export async function markUnsent(
  db: Db,
  id: string,
  { error, delayMs }: { error: string; delayMs: number | undefined },
): Promise<void> {
  await db.run(
    `update fermata.messages set error = left($2, 500),
       status = case when $3::float8 is null then 'failed' else status end,
       ended_at = case when $3::float8 is null then now() end,
       next_try_at = now() + make_interval(secs => coalesce($3::float8, 0) / 1000)
     where id = $1 and status = 'open'`,
    [id, error, delayMs ?? null],
    'mark_message_unsent',
  )
}

export interface MessageRow {
  id: string
  due: Date
  event: ScheduleEvent
  way: 'mail' | 'webhook'
  addresses: string[]
  status: 'open' | 'sent' | 'failed'
  tries: number
  error: string | null
  nextTryAt: Date
  endedAt: Date | null
}

/** Of one schedule: those that have not arrived first, then the latest. */
export async function listMessages(db: Db, schedule: string, limit: number): Promise<MessageRow[]> {
  return db.query<MessageRow>(
    `select id, due_at as due, event, way, addresses, status, tries, error, next_try_at as "nextTryAt", ended_at as "endedAt"
     from fermata.messages where schedule_id = $1 order by (status = 'sent'), id desc limit $2`,
    [schedule, limit],
  )
}

/** Tries those that were given up anew, and those that wait at once. Answers how many. */
export async function resendMessages(db: Db, schedule: string): Promise<number> {
  return db.run(
    `update fermata.messages set status = 'open', tries = 0, ended_at = null, next_try_at = now()
     where schedule_id = $1 and status <> 'sent' and cardinality(addresses) > 0`,
    [schedule],
  )
}
