-- What every step of an execution writes, made less (docs/adr/0016).

-- Rows of node runs are written once, most of them: pages are filled up.
alter table fermata.node_runs set (fillfactor = 100);

-- The columns that each step changes stand together at the end of the row: the log takes only what is between the first
-- and the last byte that differ. Half of a page stays free: the executions on a page are under way together, all have
-- their next version in one statement, and a version on another page costs an entry in each index.
alter table fermata.executions add column live_seq integer not null default 1, add column live_dispatched integer not null default 0,
  add column live_snapshot json;
update fermata.executions set live_seq = seq, live_dispatched = dispatched, live_snapshot = snapshot;
alter table fermata.executions drop column seq, drop column dispatched, drop column snapshot;
alter table fermata.executions rename column live_seq to seq;
alter table fermata.executions rename column live_dispatched to dispatched;
alter table fermata.executions rename column live_snapshot to snapshot;
alter table fermata.executions alter column snapshot set not null;
alter table fermata.executions set (fillfactor = 50);

-- An effect that ends and the next one of its execution share a row, changed in place: for that, no index may hold what
-- changes, so an effect is found by its execution. Rows of other kinds may be queued again, and have a key.
alter table fermata.queue rename to queue_before;
create table fermata.queue (
  execution_id bigint not null,
  due_at timestamptz not null default now(),
  claimed_by uuid,
  attempt smallint not null,
  crashes smallint not null default 0,
  kind text not null,
  workflow text not null,
  tag text,
  key text,
  run text not null,
  payload json,
  constraint queue_kinds check (kind in ('run', 'resume', 'wake', 'timeout', 'start', 'deadline', 'act'))
) with (fillfactor = 40, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
insert into fermata.queue (execution_id, due_at, claimed_by, attempt, crashes, kind, workflow, tag, key, run, payload)
  select execution_id, due_at, claimed_by, attempt, crashes, kind, workflow, tag,
    case when kind <> 'run' then run || ' ' || attempt || ' ' || kind end, run, payload from fermata.queue_before;
drop table fermata.queue_before;
create unique index queue_by_execution on fermata.queue (execution_id, key);
create index queue_claimed on fermata.queue (claimed_by) where claimed_by is not null;
create index queue_suspects on fermata.queue (due_at) where claimed_by is null and crashes > 0 and kind = 'run';
create index queue_tagged on fermata.queue (tag, workflow, due_at) where claimed_by is null and tag is not null;
create index queue_effects on fermata.queue (workflow, due_at) where claimed_by is null and kind = 'run' and tag is null;
create index queue_timers on fermata.queue (workflow, due_at) where claimed_by is null and kind <> 'run';
