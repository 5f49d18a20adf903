-- The engine's own tables. Keys of everything an execution owns lead with its id.
create schema if not exists fermata;

-- Allocated in blocks by each process: an execution gets its id without a round trip.
create sequence fermata.execution_ids increment by 64;

create table fermata.workflows (
  key text primary key,
  title text not null,
  description text,
  kind text not null default 'main' check (kind in ('main', 'sub')),
  target_collection text,
  enabled boolean not null default true,
  published_version integer,
  created_by text not null,
  created_at timestamptz not null default now(),
  updated_by text not null,
  updated_at timestamptz not null default now()
);

create table fermata.workflow_versions (
  workflow text not null references fermata.workflows on delete cascade,
  version integer not null,
  state text not null check (state in ('draft', 'published', 'retired')),
  document json not null,
  note text,
  created_by text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  published_by text,
  published_at timestamptz,
  primary key (workflow, version)
);
create unique index workflow_versions_one_draft on fermata.workflow_versions (workflow) where state = 'draft';

create table fermata.executions (
  id bigint primary key,
  workflow text not null,
  version integer not null,
  status text not null,
  waiting boolean not null default false,
  attention boolean not null default false,
  test boolean not null default false,
  reason text,
  -- Guards every save: `where id = $1 and seq = $2`.
  seq integer not null default 1,
  -- Live state of the core (`core/state.ts`); never outputs.
  snapshot json not null,
  inputs json,
  output json,
  error json,
  target_collection text,
  target_id text,
  target_label text,
  trigger text not null,
  started_by text not null,
  parent_id bigint,
  parent_run text,
  parent_attempt smallint,
  depth smallint not null default 0,
  dedup_key text,
  concurrency_key text,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  ended_at timestamptz
) with (fillfactor = 80);
create index executions_by_time on fermata.executions (created_at desc, id desc);
create index executions_by_workflow on fermata.executions (workflow, created_at desc, id desc);
create index executions_live on fermata.executions (id) where ended_at is null;
create index executions_by_parent on fermata.executions (parent_id) where parent_id is not null;
create index executions_by_target on fermata.executions (target_collection, target_id, created_at desc) where target_id is not null;
create unique index executions_dedup on fermata.executions (dedup_key) where dedup_key is not null;
create index executions_concurrency on fermata.executions (concurrency_key, created_at, id)
  where concurrency_key is not null and ended_at is null;

-- One row per attempt of a node run.
create table fermata.node_runs (
  execution_id bigint not null,
  run text not null,
  attempt smallint not null,
  node text not null,
  status text not null,
  record text,
  manual json,
  wait json,
  input json,
  output json,
  error json,
  started_at timestamptz,
  ended_at timestamptz,
  worker text,
  -- The execution's seq that wrote this row last; live readers ask for rows with a greater one.
  seq integer not null,
  primary key (execution_id, run, attempt)
) with (fillfactor = 85);

create table fermata.run_logs (
  execution_id bigint not null,
  run text not null,
  attempt smallint not null,
  line integer not null,
  at timestamptz not null,
  level text not null,
  text text not null,
  primary key (execution_id, run, attempt, line)
);

-- Outputs too large for their row.
create table fermata.blobs (
  execution_id bigint not null,
  run text not null,
  attempt smallint not null,
  content json not null,
  primary key (execution_id, run, attempt)
);

-- Which records a bound node works on, in order.
create table fermata.bindings (
  execution_id bigint not null,
  run text not null,
  collection text not null,
  records text[] not null,
  labels text[] not null,
  mode text not null,
  -- The path leads to one record at most: the node's output is that record's own.
  to_one boolean not null default false,
  bound_at timestamptz not null default now(),
  primary key (execution_id, run)
);

-- Records held by live executions.
create table fermata.locks (
  collection text not null,
  record_id text not null,
  execution_id bigint not null,
  taken_at timestamptz not null default now(),
  primary key (collection, record_id)
);
create index locks_by_execution on fermata.locks (execution_id);

-- Work to be done: effects, timers, deadlines, queued starts.
create table fermata.queue (
  execution_id bigint not null,
  run text not null,
  attempt smallint not null,
  kind text not null check (kind in ('run', 'resume', 'wake', 'timeout', 'start', 'deadline', 'act')),
  -- Fair shares are given by workflow.
  workflow text not null,
  due_at timestamptz not null default now(),
  claimed_by uuid,
  -- How often a process died while it held this row.
  crashes smallint not null default 0,
  payload json,
  primary key (execution_id, run, attempt, kind)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
create index queue_due on fermata.queue (workflow, due_at) where claimed_by is null;
create index queue_claimed on fermata.queue (claimed_by) where claimed_by is not null;

create table fermata.processes (
  id uuid primary key,
  host text not null,
  pid integer not null,
  roles text[] not null,
  started_at timestamptz not null default now(),
  beat_at timestamptz not null default now()
);

create table fermata.tasks (
  id bigint generated always as identity primary key,
  execution_id bigint not null,
  run text not null,
  attempt smallint not null,
  kind text not null check (kind in ('manual', 'approval', 'choice')),
  title text not null,
  description text,
  assignees text[] not null,
  form json,
  options text[],
  status text not null default 'open' check (status in ('open', 'done', 'canceled')),
  answer json,
  created_at timestamptz not null default now(),
  due_at timestamptz,
  ended_at timestamptz,
  ended_by text,
  unique (execution_id, run, attempt)
);
create index tasks_open on fermata.tasks (created_at desc) where status = 'open';

-- What people did to an execution; never changed, only added to.
create table fermata.acts (
  id bigint generated always as identity primary key,
  execution_id bigint not null,
  run text,
  act text not null,
  by text not null,
  reason text,
  details json,
  at timestamptz not null default now()
);
create index acts_by_execution on fermata.acts (execution_id, id);

create table fermata.settings (
  key text primary key,
  value json not null
);
