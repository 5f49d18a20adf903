-- One workflow run on many records. An execution of a batch has the dedup key `batch:<batch>:<target>:<attempt>`: it is
-- started once, however often somebody tries.
create table fermata.batches (
  id bigint generated always as identity primary key,
  workflow text not null,
  version integer not null,
  collection text not null,
  inputs json not null,
  -- How its targets were searched for; what counts is the targets.
  conditions text[] not null,
  -- So many executions are under way at most.
  parallel smallint not null check (parallel between 1 and 200),
  -- Starts no more once more than so many have failed, or more than so many of a hundred; null: goes on.
  stop_count integer,
  stop_percent smallint,
  -- Failures a person has let pass by letting it go on.
  forgiven integer not null default 0,
  state text not null check (state in ('running', 'paused', 'stopped', 'completed')),
  -- `failures`: it stopped itself; else what a person said.
  reason text,
  -- Who wants its live executions terminated.
  terminated_by text,
  dedup_key text unique,
  -- Its executions have the rights of this user.
  owner_id bigint not null,
  owner text not null,
  created_at timestamptz not null default now(),
  -- Nothing of it is under way, and nothing more is started.
  ended_at timestamptz
);
create index batches_live on fermata.batches (id) where ended_at is null;

create table fermata.batch_targets (
  batch_id bigint not null references fermata.batches on delete cascade,
  position integer not null,
  target_id text not null,
  label text not null,
  attempt smallint not null default 1,
  state text not null default 'waiting' check (state in ('waiting', 'starting', 'started', 'ended', 'refused')),
  execution_id bigint,
  -- How its execution had ended when that was noticed.
  outcome text,
  -- Why nothing was started.
  reason text,
  -- One that is starting and was not touched for a while was lost with its process.
  changed_at timestamptz not null default now(),
  primary key (batch_id, position),
  unique (batch_id, target_id)
) with (fillfactor = 80);
create unique index batch_targets_started on fermata.batch_targets (execution_id) where state = 'started';
