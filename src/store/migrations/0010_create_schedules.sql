-- Schedules are made from an execution that completed: its version, target, inputs and bindings are kept (rule 37).
create table fermata.schedules (
  id bigint generated always as identity primary key,
  name text not null,
  workflow text not null,
  version integer not null,
  execution_id bigint not null,
  target_collection text,
  target_id text,
  target_label text,
  inputs json not null,
  -- Per node the ids of its records; null: found anew at each firing.
  bindings json,
  timing json not null,
  time_zone text not null,
  missed text not null check (missed in ('skip', 'latest', 'all')),
  overlap text not null check (overlap in ('allow', 'skip', 'queue', 'cancel')),
  notify json not null,
  -- Pauses itself after so many failures in a row; null: never.
  pause_after smallint,
  failures smallint not null default 0,
  -- Whose members may change it besides its owner.
  role text,
  state text not null check (state in ('active', 'paused')),
  paused_reason text,
  -- Its executions have the rights of this user.
  owner_id bigint not null,
  owner text not null,
  next_fire_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz
);
create unique index schedules_name on fermata.schedules (name) where deleted_at is null;
create index schedules_due on fermata.schedules (next_fire_at) where state = 'active' and deleted_at is null;

-- What became of each time a schedule was due.
create table fermata.firings (
  schedule_id bigint not null references fermata.schedules on delete cascade,
  due_at timestamptz not null,
  status text not null check (status in ('starting', 'waiting', 'started', 'skipped', 'missed', 'refused')),
  -- Why nothing was started.
  reason text,
  execution_id bigint,
  -- Who takes a firing touches it; one that was not touched for a while was lost with its process.
  taken_at timestamptz not null default now(),
  -- Which events people were told of, and since when somebody is telling them.
  told text[] not null default '{}',
  told_at timestamptz,
  -- Its execution has ended and whoever wanted to know was told.
  settled boolean not null default false,
  primary key (schedule_id, due_at)
);
create index firings_open on fermata.firings (status, taken_at) where status in ('starting', 'waiting');
create index firings_unsettled on fermata.firings (schedule_id) where status in ('started', 'refused') and not settled;
create unique index firings_by_execution on fermata.firings (execution_id) where execution_id is not null;
