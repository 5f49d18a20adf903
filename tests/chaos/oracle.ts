// Judges what happened by a log the database itself keeps of every transition.
import type { Pool } from '../../src/store/db.ts'

const schema = `
  create table public.steps (
    id bigint generated always as identity, execution_id bigint, seq integer, status text, at timestamptz
  );
  create table public.marks (
    id bigint generated always as identity, execution_id bigint, run text, attempt integer, status text,
    ended boolean, at timestamptz
  );
  create function public.log_step() returns trigger language plpgsql as $$
  begin
    insert into public.steps (execution_id, seq, status, at) values (new.id, new.seq, new.status, clock_timestamp());
    return null;
  end $$;
  create function public.log_mark() returns trigger language plpgsql as $$
  begin
    insert into public.marks (execution_id, run, attempt, status, ended, at)
    values (new.execution_id, new.run, new.attempt, new.status, new.ended_at is not null, clock_timestamp());
    return null;
  end $$;
  create trigger log_step after insert or update on fermata.executions for each row execute function public.log_step();
  create trigger log_mark after insert or update on fermata.node_runs for each row execute function public.log_mark();`

/** Call once per database, before anything runs. */
export async function keepTransitions(pool: Pool): Promise<void> {
  await pool.run(schema)
}

/** What must hold of ended executions; each line is a breach. */
export async function findBreaches(pool: Pool): Promise<string[]> {
  const checks: Record<string, string> = {
    'a seq is missing or was written twice': `
      select execution_id::text as what from public.steps group by execution_id
      having count(distinct seq) <> count(*) or max(seq) - min(seq) + 1 <> count(*) or min(seq) <> 1`,
    'an attempt settled twice': `
      select execution_id || ' ' || run || ' ' || attempt as what from public.marks where ended
      group by execution_id, run, attempt having count(*) > 1`,
    'an attempt changed after it had settled': `
      select m.execution_id || ' ' || m.run || ' ' || m.attempt as what from public.marks m join public.marks e
      using (execution_id, run, attempt) where e.ended and not m.ended and m.id > e.id`,
    'an execution ended twice': `
      select execution_id::text as what from public.steps where status in ('completed', 'failed', 'error', 'canceled')
      group by execution_id having count(distinct status) > 1`,
    'something is left in the queue': `select execution_id || ' ' || run || ' ' || kind as what from fermata.queue`,
    'a task is left open': `select execution_id || ' ' || run as what from fermata.tasks where status = 'open'`,
    'a lock is left': `select execution_id || ' ' || record_id as what from fermata.locks`,
  }
  const found: string[] = []
  for (const [breach, sql] of Object.entries(checks)) {
    for (const { what } of await pool.query<{ what: string }>(sql)) found.push(`${breach}: ${what}`)
  }
  return found
}

export interface ExecutionRow {
  id: string
  status: string
  attention: boolean
  error: { code?: string } | null
}

export async function executionsOf(pool: Pool, workflow: string): Promise<ExecutionRow[]> {
  return pool.query<ExecutionRow>(
    'select id, status, attention, error from fermata.executions where workflow = $1 order by id',
    [workflow],
  )
}

/** Whether nothing of a workflow is live any more but what waits for an operator. */
export function isQuiet(rows: readonly ExecutionRow[]): boolean {
  return rows.every((row) => row.attention || !['queued', 'running', 'paused'].includes(row.status))
}
