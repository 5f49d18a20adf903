// A log the database itself keeps of everything that matters, whoever wrote it: the lease history included.
import type { Pool } from '../../../src/store/db.ts'

const schema = `
  create table public.steps (
    id bigint generated always as identity, execution_id bigint, seq integer, status text, at timestamptz
  );
  create table public.marks (
    id bigint generated always as identity, execution_id bigint, run text, attempt integer, node text, status text,
    ended boolean, worker text, output_pid integer, seq integer, at timestamptz
  );
  create table public.leases (
    id bigint generated always as identity, op text, execution_id bigint, run text, attempt integer, kind text,
    claimed_by uuid, was_claimed_by uuid, crashes integer, due_at timestamptz, at timestamptz
  );
  create table public.members (id uuid, pid integer, op text, at timestamptz);
  create function public.log_step() returns trigger language plpgsql as $$
  begin
    insert into public.steps (execution_id, seq, status, at) values (new.id, new.seq, new.status, clock_timestamp());
    return null;
  end $$;
  create function public.log_mark() returns trigger language plpgsql as $$
  begin
    insert into public.marks (execution_id, run, attempt, node, status, ended, worker, output_pid, seq, at)
    values (new.execution_id, new.run, new.attempt, new.node, new.status, new.ended_at is not null, new.worker,
      case when json_typeof(new.output) = 'object' then (new.output ->> 'pid')::integer end, new.seq,
      clock_timestamp());
    return null;
  end $$;
  create function public.log_pack() returns trigger language plpgsql as $$
  begin
    insert into public.marks (execution_id, run, attempt, node, status, ended, worker, seq, at)
    select execution_id, run, attempt, node, status, true, worker, seq, clock_timestamp() from fermata.all_node_runs
    where execution_id = new.execution_id and seq = new.seq
      and run = any(array(select split_part(h, ' ', 1) from string_to_table(new.runs, E'\\n') h));
    return null;
  end $$;
  create function public.log_lease() returns trigger language plpgsql as $$
  begin
    if tg_op = 'DELETE' then
      insert into public.leases (op, execution_id, run, attempt, kind, was_claimed_by, crashes, due_at, at)
      values ('delete', old.execution_id, old.run, old.attempt, old.kind, old.claimed_by, old.crashes, old.due_at,
        clock_timestamp());
    else
      -- The row of one effect has become that of the next.
      if tg_op = 'UPDATE' and (old.run, old.attempt) <> (new.run, new.attempt) then
        insert into public.leases (op, execution_id, run, attempt, kind, was_claimed_by, crashes, due_at, at)
        values ('delete', old.execution_id, old.run, old.attempt, old.kind, old.claimed_by, old.crashes, old.due_at,
          clock_timestamp());
        insert into public.leases (op, execution_id, run, attempt, kind, claimed_by, crashes, due_at, at)
        values ('insert', new.execution_id, new.run, new.attempt, new.kind, new.claimed_by, new.crashes, new.due_at,
          clock_timestamp());
        return null;
      end if;
      insert into public.leases (op, execution_id, run, attempt, kind, claimed_by, was_claimed_by, crashes, due_at, at)
      values (lower(tg_op), new.execution_id, new.run, new.attempt, new.kind, new.claimed_by,
        case when tg_op = 'UPDATE' then old.claimed_by end, new.crashes, new.due_at, clock_timestamp());
    end if;
    return null;
  end $$;
  create function public.log_member() returns trigger language plpgsql as $$
  begin
    insert into public.members values (coalesce(new.id, old.id), coalesce(new.pid, old.pid), lower(tg_op),
      clock_timestamp());
    return null;
  end $$;
  create trigger log_step after insert or update on fermata.executions for each row execute function public.log_step();
  create trigger log_mark after insert or update on fermata.node_runs for each row execute function public.log_mark();
  create trigger log_pack after insert or update on fermata.run_packs for each row execute function public.log_pack();
  create trigger log_lease after insert or update or delete on fermata.queue for each row execute function public.log_lease();
  create trigger log_member after insert or delete on fermata.processes for each row execute function public.log_member();`

/** Call once per database, before anything runs. */
export async function keepTransitions(pool: Pool): Promise<void> {
  await pool.run(schema)
}

/** How many have been logged so far. */
export async function countTransitions(pool: Pool): Promise<number> {
  const [row] = await pool.query<{ count: number }>(
    `select (select count(*) from public.steps)::int + (select count(*) from public.marks)::int
       + (select count(*) from public.leases)::int as count`,
  )
  return row?.count ?? 0
}

/** Everything about one execution, for whoever has to find out what went wrong. */
export async function historyOf(pool: Pool, execution: string): Promise<string> {
  const queries = {
    execution: 'select * from fermata.executions where id = $1',
    'node runs':
      'select * from fermata.all_node_runs where execution_id = $1 order by started_at, run, attempt',
    steps: 'select * from public.steps where execution_id = $1 order by id',
    marks: 'select * from public.marks where execution_id = $1 order by id',
    leases: 'select * from public.leases where execution_id = $1 order by id',
    queue: 'select * from fermata.queue where execution_id = $1',
    tasks: 'select * from fermata.tasks where execution_id = $1',
    acts: 'select * from fermata.acts where execution_id = $1 order by id',
  }
  const parts: string[] = []
  for (const [name, sql] of Object.entries(queries)) {
    parts.push(`-- ${name}`)
    for (const row of await pool.query(sql, [execution])) parts.push(JSON.stringify(row))
  }
  return parts.join('\n')
}
