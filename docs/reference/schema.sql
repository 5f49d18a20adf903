-- The schema of the engine after all migrations. Written by `npm run db:dump`; change src/store/migrations instead.

create table fermata.acts (
  id bigint not null generated always as identity,
  execution_id bigint not null,
  run text,
  act text not null,
  by text not null,
  reason text,
  details json,
  at timestamp with time zone not null default now(),
  constraint acts_pkey PRIMARY KEY (id)
);
CREATE INDEX acts_by_execution ON fermata.acts USING btree (execution_id, id);

create table fermata.api_tokens (
  id bigint not null generated always as identity,
  user_id bigint not null,
  name text not null,
  secret_hash bytea not null,
  scopes text[],
  created_at timestamp with time zone not null default now(),
  expires_at timestamp with time zone,
  last_used_at timestamp with time zone,
  revoked_at timestamp with time zone,
  constraint api_tokens_pkey PRIMARY KEY (id),
  constraint api_tokens_secret_hash_key UNIQUE (secret_hash),
  constraint api_tokens_user_id_fkey FOREIGN KEY (user_id) REFERENCES fermata.users(id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX api_tokens_one_name ON fermata.api_tokens USING btree (user_id, name) WHERE (revoked_at IS NULL);

create table fermata.audit (
  id bigint not null generated always as identity,
  at timestamp with time zone not null default now(),
  by text not null,
  action text not null,
  object text not null,
  details json,
  address text,
  constraint audit_pkey PRIMARY KEY (id)
);
CREATE INDEX audit_by_object ON fermata.audit USING btree (object, id DESC);
CREATE INDEX audit_by_person ON fermata.audit USING btree (by, id DESC);
CREATE TRIGGER audit_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON fermata.audit FOR EACH STATEMENT EXECUTE FUNCTION fermata.refuse_audit_change();

create table fermata.batch_targets (
  batch_id bigint not null,
  "position" integer not null,
  target_id text not null,
  label text not null,
  attempt smallint not null default 1,
  state text not null default 'waiting'::text,
  execution_id bigint,
  outcome text,
  reason text,
  changed_at timestamp with time zone not null default now(),
  why json,
  constraint batch_targets_pkey PRIMARY KEY (batch_id, "position"),
  constraint batch_targets_batch_id_target_id_key UNIQUE (batch_id, target_id),
  constraint batch_targets_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'starting'::text, 'started'::text, 'ended'::text, 'refused'::text]))),
  constraint batch_targets_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES fermata.batches(id) ON DELETE CASCADE
) with (fillfactor=80);
CREATE UNIQUE INDEX batch_targets_started ON fermata.batch_targets USING btree (execution_id) WHERE (state = 'started'::text);

create table fermata.batches (
  id bigint not null generated always as identity,
  workflow text not null,
  version integer not null,
  collection text not null,
  inputs json not null,
  conditions text[] not null,
  parallel smallint not null,
  stop_count integer,
  stop_percent smallint,
  forgiven integer not null default 0,
  state text not null,
  reason text,
  terminated_by text,
  dedup_key text,
  owner_id bigint not null,
  owner text not null,
  created_at timestamp with time zone not null default now(),
  ended_at timestamp with time zone,
  constraint batches_pkey PRIMARY KEY (id),
  constraint batches_dedup_key_key UNIQUE (dedup_key),
  constraint batches_parallel_check CHECK (((parallel >= 1) AND (parallel <= 200))),
  constraint batches_state_check CHECK ((state = ANY (ARRAY['running'::text, 'paused'::text, 'stopped'::text, 'completed'::text])))
);
CREATE INDEX batches_live ON fermata.batches USING btree (id) WHERE (ended_at IS NULL);
CREATE TRIGGER wake_changed AFTER UPDATE OF state, terminated_by ON fermata.batches FOR EACH ROW WHEN ((new.ended_at IS NULL)) EXECUTE FUNCTION fermata.wake_who_looks();
CREATE TRIGGER wake_new AFTER INSERT ON fermata.batches FOR EACH ROW EXECUTE FUNCTION fermata.wake_who_looks();

create table fermata.bindings (
  execution_id bigint not null,
  run text not null,
  collection text not null,
  records text[] not null,
  labels text[] not null,
  mode text not null,
  to_one boolean not null default false,
  bound_at timestamp with time zone not null default now(),
  constraint bindings_pkey PRIMARY KEY (execution_id, run)
);

create table fermata.blobs (
  execution_id bigint not null,
  run text not null,
  attempt smallint not null,
  content json not null,
  constraint blobs_pkey PRIMARY KEY (execution_id, run, attempt)
);

create table fermata.catalogue (
  one boolean not null default true,
  version uuid not null default gen_random_uuid(),
  constraint catalogue_pkey PRIMARY KEY (one),
  constraint catalogue_one_check CHECK (one)
);

create table fermata.collections (
  key text not null,
  title json not null,
  icon text,
  label text not null,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint collections_pkey PRIMARY KEY (key)
);
CREATE TRIGGER touch_catalogue AFTER INSERT OR DELETE OR UPDATE ON fermata.collections FOR EACH STATEMENT EXECUTE FUNCTION fermata.touch_catalogue();

create table fermata.connections (
  name text not null,
  type text not null,
  settings json not null,
  secret_fields text[] not null default '{}'::text[],
  sealed bytea,
  changed_by text not null,
  changed_at timestamp with time zone not null default now(),
  constraint connections_pkey PRIMARY KEY (name)
);

create table fermata.data_changes (
  id bigint not null generated always as identity,
  at timestamp with time zone not null default now(),
  collection text not null,
  record_id text not null,
  op text not null,
  old json,
  new json,
  ancestry text,
  tx xid8 not null default pg_current_xact_id(),
  constraint data_changes_pkey PRIMARY KEY (id),
  constraint data_changes_op_check CHECK ((op = ANY (ARRAY['insert'::text, 'update'::text, 'delete'::text])))
);
CREATE INDEX data_changes_by_record ON fermata.data_changes USING btree (collection, record_id, id);

create table fermata.executions (
  id bigint not null,
  workflow text not null,
  version integer not null,
  status text not null,
  waiting boolean not null default false,
  attention boolean not null default false,
  test boolean not null default false,
  reason text,
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
  created_at timestamp with time zone not null default now(),
  started_at timestamp with time zone,
  ended_at timestamp with time zone,
  trace text,
  seq integer not null default 1,
  dispatched integer not null default 0,
  snapshot json not null,
  constraint executions_pkey PRIMARY KEY (id)
) with (fillfactor=50);
CREATE INDEX executions_attention ON fermata.executions USING btree (created_at, id, workflow) WHERE attention;
CREATE INDEX executions_by_origin ON fermata.executions USING btree ((((split_part(dedup_key, ':'::text, 1) || ':'::text) || split_part(dedup_key, ':'::text, 2))), created_at, id, workflow, trigger) WHERE ((dedup_key ~~ 'schedule:%'::text) OR (dedup_key ~~ 'batch:%'::text));
CREATE INDEX executions_by_parent ON fermata.executions USING btree (parent_id) WHERE (parent_id IS NOT NULL);
CREATE INDEX executions_by_starter ON fermata.executions USING btree (started_by, created_at, id, workflow, trigger);
CREATE INDEX executions_by_status ON fermata.executions USING btree (status, created_at, id, workflow, trigger, started_by) WHERE (status <> 'completed'::text);
CREATE INDEX executions_by_target ON fermata.executions USING btree (target_collection, target_id, created_at, id) WHERE (target_id IS NOT NULL);
CREATE INDEX executions_by_time ON fermata.executions USING btree (created_at, id);
CREATE INDEX executions_by_trigger ON fermata.executions USING btree (trigger, created_at, id);
CREATE INDEX executions_by_workflow ON fermata.executions USING btree (workflow, created_at, id, version, trigger);
CREATE INDEX executions_concurrency ON fermata.executions USING btree (concurrency_key, created_at, id) WHERE ((concurrency_key IS NOT NULL) AND (ended_at IS NULL));
CREATE UNIQUE INDEX executions_dedup ON fermata.executions USING btree (dedup_key) WHERE (dedup_key IS NOT NULL);
CREATE INDEX executions_live_by_parent ON fermata.executions USING btree (parent_id) WHERE ((parent_id IS NOT NULL) AND (ended_at IS NULL));
CREATE INDEX executions_tests ON fermata.executions USING btree (created_at, id, workflow) WHERE test;

create table fermata.favourites (
  user_id bigint not null,
  workflow text not null,
  created_at timestamp with time zone not null default now(),
  constraint favourites_pkey PRIMARY KEY (user_id, workflow),
  constraint favourites_user_id_fkey FOREIGN KEY (user_id) REFERENCES fermata.users(id) ON DELETE CASCADE,
  constraint favourites_workflow_fkey FOREIGN KEY (workflow) REFERENCES fermata.workflows(key) ON DELETE CASCADE
);
CREATE INDEX favourites_by_workflow ON fermata.favourites USING btree (workflow);

create table fermata.fields (
  collection text not null,
  key text not null,
  type text not null,
  title json,
  required boolean not null default false,
  is_unique boolean not null default false,
  options text[],
  "position" integer not null generated always as identity,
  constraint fields_pkey PRIMARY KEY (collection, key),
  constraint fields_collection_fkey FOREIGN KEY (collection) REFERENCES fermata.collections(key) ON DELETE CASCADE
);
CREATE TRIGGER touch_catalogue AFTER INSERT OR DELETE OR UPDATE ON fermata.fields FOR EACH STATEMENT EXECUTE FUNCTION fermata.touch_catalogue();

create table fermata.firings (
  schedule_id bigint not null,
  due_at timestamp with time zone not null,
  status text not null,
  reason text,
  execution_id bigint,
  taken_at timestamp with time zone not null default now(),
  told text[] not null default '{}'::text[],
  settled boolean not null default false,
  why json,
  constraint firings_pkey PRIMARY KEY (schedule_id, due_at),
  constraint firings_status_check CHECK ((status = ANY (ARRAY['starting'::text, 'waiting'::text, 'started'::text, 'skipped'::text, 'missed'::text, 'refused'::text]))),
  constraint firings_schedule_id_fkey FOREIGN KEY (schedule_id) REFERENCES fermata.schedules(id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX firings_by_execution ON fermata.firings USING btree (execution_id) WHERE (execution_id IS NOT NULL);
CREATE INDEX firings_open ON fermata.firings USING btree (status, taken_at) WHERE (status = ANY (ARRAY['starting'::text, 'waiting'::text]));
CREATE INDEX firings_unsettled ON fermata.firings USING btree (schedule_id) WHERE ((status = ANY (ARRAY['started'::text, 'refused'::text])) AND (NOT settled));

create table fermata.grants (
  role text not null,
  workflow text not null,
  may text not null,
  constraint grants_pkey PRIMARY KEY (role, workflow),
  constraint grants_may_check CHECK ((may = ANY (ARRAY['manage'::text, 'run'::text, 'view'::text]))),
  constraint grants_role_fkey FOREIGN KEY (role) REFERENCES fermata.roles(name) ON DELETE CASCADE
);

create table fermata.known_hosts (
  host text not null,
  port integer not null,
  fingerprint text not null,
  added_by text not null,
  added_at timestamp with time zone not null default now(),
  constraint known_hosts_pkey PRIMARY KEY (host, port)
);

create table fermata.leftovers (
  execution_id bigint not null,
  constraint leftovers_pkey PRIMARY KEY (execution_id)
);

create table fermata.locks (
  collection text not null,
  record_id text not null,
  execution_id bigint not null,
  taken_at timestamp with time zone not null default now(),
  constraint locks_pkey PRIMARY KEY (collection, record_id)
);
CREATE INDEX locks_by_execution ON fermata.locks USING btree (execution_id);

create table fermata.messages (
  id bigint not null generated always as identity,
  schedule_id bigint not null,
  due_at timestamp with time zone not null,
  event text not null,
  way text not null,
  addresses text[] not null,
  content json not null,
  status text not null default 'open'::text,
  tries smallint not null default 0,
  error text,
  next_try_at timestamp with time zone not null default now(),
  created_at timestamp with time zone not null default now(),
  ended_at timestamp with time zone,
  constraint messages_pkey PRIMARY KEY (id),
  constraint messages_status_check CHECK ((status = ANY (ARRAY['open'::text, 'sent'::text, 'failed'::text]))),
  constraint messages_way_check CHECK ((way = ANY (ARRAY['mail'::text, 'webhook'::text]))),
  constraint messages_schedule_id_due_at_fkey FOREIGN KEY (schedule_id, due_at) REFERENCES fermata.firings(schedule_id, due_at) ON DELETE CASCADE
);
CREATE INDEX messages_by_firing ON fermata.messages USING btree (schedule_id, due_at);
CREATE INDEX messages_open ON fermata.messages USING btree (next_try_at) WHERE (status = 'open'::text);

create table fermata.migrations (
  version integer not null,
  name text not null,
  applied_at timestamp with time zone not null default now(),
  constraint migrations_pkey PRIMARY KEY (version)
);

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
  started_at timestamp with time zone,
  ended_at timestamp with time zone,
  worker text,
  seq integer not null,
  constraint node_runs_pkey PRIMARY KEY (execution_id, run, attempt)
) with (fillfactor=100);

create table fermata.processes (
  id uuid not null,
  host text not null,
  pid integer not null,
  roles text[] not null,
  started_at timestamp with time zone not null default now(),
  beat_at timestamp with time zone not null default now(),
  tags text[] not null default '{}'::text[],
  untagged boolean not null default true,
  version text not null default ''::text,
  capacity integer not null default 0,
  running integer not null default 0,
  reads_packs boolean not null default false,
  constraint processes_pkey PRIMARY KEY (id)
);

create table fermata.queue (
  execution_id bigint not null,
  due_at timestamp with time zone not null default now(),
  claimed_by uuid,
  attempt smallint not null,
  crashes smallint not null default 0,
  kind text not null,
  workflow text not null,
  tag text,
  key text,
  run text not null,
  payload json,
  constraint queue_kinds CHECK ((kind = ANY (ARRAY['run'::text, 'resume'::text, 'wake'::text, 'timeout'::text, 'start'::text, 'deadline'::text, 'act'::text])))
) with (fillfactor=40, autovacuum_vacuum_scale_factor=0.02, autovacuum_vacuum_cost_delay=0);
CREATE UNIQUE INDEX queue_by_execution ON fermata.queue USING btree (execution_id, key);
CREATE INDEX queue_claimed ON fermata.queue USING btree (claimed_by) WHERE (claimed_by IS NOT NULL);
CREATE INDEX queue_effects ON fermata.queue USING btree (workflow, due_at) WHERE ((claimed_by IS NULL) AND (kind = 'run'::text) AND (tag IS NULL));
CREATE INDEX queue_suspects ON fermata.queue USING btree (due_at) WHERE ((claimed_by IS NULL) AND (crashes > 0) AND (kind = 'run'::text));
CREATE INDEX queue_tagged ON fermata.queue USING btree (tag, workflow, due_at) WHERE ((claimed_by IS NULL) AND (tag IS NOT NULL));
CREATE INDEX queue_timers ON fermata.queue USING btree (workflow, due_at) WHERE ((claimed_by IS NULL) AND (kind <> 'run'::text));

create table fermata.relations (
  collection text not null,
  name text not null,
  kind text not null,
  to_collection text not null,
  inverse text not null,
  title json,
  inverse_title json,
  required boolean not null default false,
  on_delete text not null default 'restrict'::text,
  "position" integer not null generated always as identity,
  constraint relations_pkey PRIMARY KEY (collection, name),
  constraint relations_to_collection_inverse_key UNIQUE (to_collection, inverse),
  constraint relations_kind_check CHECK ((kind = ANY (ARRAY['many-to-one'::text, 'many-to-many'::text]))),
  constraint relations_on_delete_check CHECK ((on_delete = ANY (ARRAY['restrict'::text, 'clear'::text, 'cascade'::text]))),
  constraint relations_collection_fkey FOREIGN KEY (collection) REFERENCES fermata.collections(key) ON DELETE CASCADE,
  constraint relations_to_collection_fkey FOREIGN KEY (to_collection) REFERENCES fermata.collections(key)
);
CREATE TRIGGER touch_catalogue AFTER INSERT OR DELETE OR UPDATE ON fermata.relations FOR EACH STATEMENT EXECUTE FUNCTION fermata.touch_catalogue();

create table fermata.roles (
  name text not null,
  title text not null,
  built_in boolean not null default false,
  permissions text[] not null default '{}'::text[],
  constraint roles_pkey PRIMARY KEY (name),
  constraint roles_name_check CHECK ((name ~ '^[a-z][a-z0-9-]{0,62}$'::text))
);

create table fermata.row_permissions (
  role text not null,
  collection text not null,
  rule text not null,
  filter text,
  constraint row_permissions_pkey PRIMARY KEY (role, collection),
  constraint row_permissions_check CHECK (((rule = 'filter'::text) = (filter IS NOT NULL))),
  constraint row_permissions_rule_check CHECK ((rule = ANY (ARRAY['all'::text, 'none'::text, 'filter'::text]))),
  constraint row_permissions_role_fkey FOREIGN KEY (role) REFERENCES fermata.roles(name) ON DELETE CASCADE
);

create table fermata.run_logs (
  execution_id bigint not null,
  run text not null,
  attempt smallint not null,
  line integer not null,
  at timestamp with time zone not null,
  level text not null,
  text text not null,
  constraint run_logs_pkey PRIMARY KEY (execution_id, run, attempt, line)
);

create table fermata.run_packs (
  execution_id bigint not null,
  seq integer not null,
  part smallint not null,
  since timestamp with time zone not null,
  worker text,
  runs text not null,
  contents text not null,
  constraint run_packs_pkey PRIMARY KEY (execution_id, seq, part)
) with (toast_tuple_target=8160);

create table fermata.saved_views (
  id bigint not null generated always as identity,
  user_id bigint not null,
  page text not null,
  name text not null,
  search text not null,
  created_at timestamp with time zone not null default now(),
  constraint saved_views_pkey PRIMARY KEY (id),
  constraint saved_views_user_id_page_name_key UNIQUE (user_id, page, name),
  constraint saved_views_user_id_fkey FOREIGN KEY (user_id) REFERENCES fermata.users(id) ON DELETE CASCADE
);

create table fermata.schedules (
  id bigint not null generated always as identity,
  name text not null,
  workflow text not null,
  version integer not null,
  execution_id bigint not null,
  target_collection text,
  target_id text,
  target_label text,
  inputs json not null,
  bindings json,
  timing json not null,
  time_zone text not null,
  missed text not null,
  overlap text not null,
  notify json not null,
  pause_after smallint,
  failures smallint not null default 0,
  role text,
  state text not null,
  paused_reason text,
  owner_id bigint not null,
  owner text not null,
  next_fire_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  deleted_at timestamp with time zone,
  seq integer not null default 0,
  updated_by text,
  constraint schedules_pkey PRIMARY KEY (id),
  constraint schedules_missed_check CHECK ((missed = ANY (ARRAY['skip'::text, 'latest'::text, 'all'::text]))),
  constraint schedules_overlap_check CHECK ((overlap = ANY (ARRAY['allow'::text, 'skip'::text, 'queue'::text, 'cancel'::text]))),
  constraint schedules_state_check CHECK ((state = ANY (ARRAY['active'::text, 'paused'::text])))
);
CREATE INDEX schedules_due ON fermata.schedules USING btree (next_fire_at) WHERE ((state = 'active'::text) AND (deleted_at IS NULL));
CREATE UNIQUE INDEX schedules_name ON fermata.schedules USING btree (name) WHERE (deleted_at IS NULL);
CREATE TRIGGER wake_changed AFTER UPDATE OF state, next_fire_at ON fermata.schedules FOR EACH ROW WHEN (((new.state = 'active'::text) AND ((old.state <> 'active'::text) OR (old.next_fire_at IS NULL) OR (new.next_fire_at < old.next_fire_at)))) EXECUTE FUNCTION fermata.wake_who_looks();
CREATE TRIGGER wake_new AFTER INSERT ON fermata.schedules FOR EACH ROW WHEN ((new.state = 'active'::text)) EXECUTE FUNCTION fermata.wake_who_looks();

create table fermata.secrets (
  name text not null,
  description text,
  sealed bytea not null,
  changed_by text not null,
  changed_at timestamp with time zone not null default now(),
  constraint secrets_pkey PRIMARY KEY (name)
);

create table fermata.sessions (
  secret_hash bytea not null,
  user_id bigint not null,
  security_epoch integer not null,
  created_at timestamp with time zone not null default now(),
  seen_at timestamp with time zone not null default now(),
  address text,
  agent text,
  constraint sessions_pkey PRIMARY KEY (secret_hash),
  constraint sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES fermata.users(id) ON DELETE CASCADE
);
CREATE INDEX sessions_by_user ON fermata.sessions USING btree (user_id);

create table fermata.settings (
  key text not null,
  value json not null,
  constraint settings_pkey PRIMARY KEY (key)
);

create table fermata.sign_in_attempts (
  key text not null,
  failures integer not null,
  free integer not null,
  last_at timestamp with time zone not null default now(),
  blocked_until timestamp with time zone not null default '-infinity'::timestamp with time zone,
  constraint sign_in_attempts_pkey PRIMARY KEY (key)
);

create table fermata.sign_in_links (
  secret_hash bytea not null,
  user_id bigint not null,
  security_epoch integer not null,
  created_at timestamp with time zone not null default now(),
  expires_at timestamp with time zone not null,
  constraint sign_in_links_pkey PRIMARY KEY (secret_hash),
  constraint sign_in_links_user_id_fkey FOREIGN KEY (user_id) REFERENCES fermata.users(id) ON DELETE CASCADE
);

create table fermata.targets (
  collection text not null,
  id text not null,
  label text not null,
  noted_at timestamp with time zone not null default now(),
  constraint targets_pkey PRIMARY KEY (collection, id, label)
);
CREATE INDEX targets_by_label ON fermata.targets USING gin (label fermata.gin_trgm_ops);

create table fermata.tasks (
  id bigint not null generated always as identity,
  execution_id bigint not null,
  run text not null,
  attempt smallint not null,
  kind text not null,
  title text not null,
  description text,
  assignees text[] not null,
  form json,
  options text[],
  status text not null default 'open'::text,
  answer json,
  created_at timestamp with time zone not null default now(),
  due_at timestamp with time zone,
  ended_at timestamp with time zone,
  ended_by text,
  constraint tasks_pkey PRIMARY KEY (id),
  constraint tasks_execution_id_run_attempt_key UNIQUE (execution_id, run, attempt),
  constraint tasks_kind_check CHECK ((kind = ANY (ARRAY['manual'::text, 'approval'::text, 'choice'::text]))),
  constraint tasks_status_check CHECK ((status = ANY (ARRAY['open'::text, 'done'::text, 'canceled'::text])))
);
CREATE INDEX tasks_open ON fermata.tasks USING btree (created_at DESC) WHERE (status = 'open'::text);

create table fermata.user_roles (
  user_id bigint not null,
  role text not null,
  constraint user_roles_pkey PRIMARY KEY (user_id, role),
  constraint user_roles_role_fkey FOREIGN KEY (role) REFERENCES fermata.roles(name) ON DELETE CASCADE,
  constraint user_roles_user_id_fkey FOREIGN KEY (user_id) REFERENCES fermata.users(id) ON DELETE CASCADE
);
CREATE INDEX user_roles_by_role ON fermata.user_roles USING btree (role);

create table fermata.users (
  id bigint not null generated always as identity,
  name text not null,
  display_name text not null,
  password_hash text,
  disabled boolean not null default false,
  language text,
  security_epoch integer not null default 1,
  created_at timestamp with time zone not null default now(),
  mail text,
  constraint users_pkey PRIMARY KEY (id),
  constraint users_name_key UNIQUE (name),
  constraint users_language_check CHECK ((language = ANY (ARRAY['en'::text, 'zh'::text, 'ru'::text]))),
  constraint users_name_check CHECK ((name ~ '^[a-z0-9][a-z0-9._-]{0,62}$'::text))
);

create table fermata.vault_canary (
  single boolean not null default true,
  sealed bytea not null,
  constraint vault_canary_pkey PRIMARY KEY (single),
  constraint vault_canary_single_check CHECK (single)
);

create table fermata.workflow_versions (
  workflow text not null,
  version integer not null,
  state text not null,
  document json not null,
  note text,
  created_by text not null,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  published_by text,
  published_at timestamp with time zone,
  constraint workflow_versions_pkey PRIMARY KEY (workflow, version),
  constraint workflow_versions_state_check CHECK ((state = ANY (ARRAY['draft'::text, 'published'::text, 'retired'::text]))),
  constraint workflow_versions_workflow_fkey FOREIGN KEY (workflow) REFERENCES fermata.workflows(key) ON DELETE CASCADE
);
CREATE UNIQUE INDEX workflow_versions_one_draft ON fermata.workflow_versions USING btree (workflow) WHERE (state = 'draft'::text);

create table fermata.workflows (
  key text not null,
  title text not null,
  description text,
  kind text not null default 'main'::text,
  target_collection text,
  enabled boolean not null default true,
  published_version integer,
  created_by text not null,
  created_at timestamp with time zone not null default now(),
  updated_by text not null,
  updated_at timestamp with time zone not null default now(),
  constraint workflows_pkey PRIMARY KEY (key),
  constraint workflows_kind_check CHECK ((kind = ANY (ARRAY['main'::text, 'sub'::text])))
);

create sequence fermata.execution_ids increment by 64;

CREATE OR REPLACE FUNCTION fermata.capture_data_change()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  old_row jsonb := case when tg_op = 'INSERT' then null else to_jsonb(old) end;
  new_row jsonb := case when tg_op = 'DELETE' then null else to_jsonb(new) end;
begin
  -- An update that changed nothing is no event.
  if old_row = new_row then return null; end if;
  insert into fermata.data_changes (collection, record_id, op, old, new, ancestry)
  values (
    tg_table_name, coalesce(new_row, old_row) ->> 'id', lower(tg_op), old_row::json, new_row::json,
    nullif(current_setting('fermata.ancestry', true), '')
  );
  return null;
end $function$;

CREATE OR REPLACE FUNCTION fermata.refuse_audit_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'The audit table is append only';
end $function$;

CREATE OR REPLACE FUNCTION fermata.take_locks(owner bigint, parent bigint, collections text[], records text[])
 RETURNS TABLE(collection text, record_id text, execution_id bigint)
 LANGUAGE plpgsql
AS $function$
#variable_conflict use_column
declare
  family bigint[] := array(
    with recursive line (id) as (
      select unnest(array[owner, parent])
      union
      select e.parent_id from fermata.executions e join line on e.id = line.id
    )
    select line.id from line where line.id is not null
  );
begin
  loop
    begin
      insert into fermata.locks (collection, record_id, execution_id)
      select distinct w.c, w.r, owner
      from unnest(collections, records) as w (c, r)
      where not exists (
        select from fermata.locks l
        where l.collection = w.c and l.record_id = w.r and l.execution_id = any (family)
      )
      -- One order for all takers: no deadlocks.
      order by w.c, w.r;
      return;
    exception when unique_violation then
      return query
        select distinct l.collection, l.record_id, l.execution_id
        from fermata.locks l
        join unnest(collections, records) as w (c, r) on l.collection = w.c and l.record_id = w.r
        where l.execution_id <> all (family);
      -- Nothing found: the holder has let go in between; try again.
      if found then return; end if;
    end;
  end loop;
end $function$;

CREATE OR REPLACE FUNCTION fermata.touch_catalogue()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  update fermata.catalogue set version = gen_random_uuid();
  return null;
end $function$;

CREATE OR REPLACE FUNCTION fermata.touch_record()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  -- The generated label is not computed yet in a before trigger.
  if to_jsonb(new) - 'label' <> to_jsonb(old) - 'label' then new.updated_at := now(); end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION fermata.wake_who_looks()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform pg_notify('fermata', json_build_object('looks', json_build_array(tg_table_name))::text);
  return null;
end $function$;

create view fermata.all_node_runs as
 SELECT node_runs.execution_id,
    node_runs.run,
    node_runs.attempt,
    node_runs.node,
    node_runs.status,
    node_runs.record,
    node_runs.manual,
    node_runs.wait,
    node_runs.input,
    node_runs.output,
    node_runs.error,
    node_runs.started_at,
    node_runs.ended_at,
    node_runs.worker,
    node_runs.seq
   FROM fermata.node_runs
UNION ALL
 SELECT p.execution_id,
    split_part(x.h, ' '::text, 1) AS run,
    (1)::smallint AS attempt,
    COALESCE(NULLIF(split_part(x.h, ' '::text, 4), ''::text), split_part(x.h, ' '::text, 1)) AS node,
    'completed'::text AS status,
    NULL::text AS record,
    NULL::json AS manual,
    NULL::json AS wait,
    (x.c -> 0) AS input,
    (x.c -> 1) AS output,
    NULL::json AS error,
    (p.since + (((split_part(x.h, ' '::text, 2))::integer)::double precision * '00:00:00.001'::interval)) AS started_at,
    (p.since + (((split_part(x.h, ' '::text, 3))::integer)::double precision * '00:00:00.001'::interval)) AS ended_at,
    p.worker,
    p.seq
   FROM (fermata.run_packs p
     CROSS JOIN LATERAL ROWS FROM(string_to_table(p.runs, '
'::text), json_array_elements((p.contents)::json)) x(h, c));
