-- The catalogue of collections. Their records live in real tables of schema `data`, for SQL, BI tools and psql to see.
create schema if not exists data;

create table fermata.collections (
  key text primary key,
  title json not null,
  icon text,
  -- A template over fields, `{name} ({env})`; the generated column `label` of the table computes it.
  label text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table fermata.fields (
  collection text not null references fermata.collections on delete cascade,
  key text not null,
  type text not null,
  title json,
  required boolean not null default false,
  is_unique boolean not null default false,
  options text[],
  position integer generated always as identity,
  primary key (collection, key)
);

create table fermata.relations (
  collection text not null references fermata.collections on delete cascade,
  name text not null,
  kind text not null check (kind in ('many-to-one', 'many-to-many')),
  to_collection text not null references fermata.collections,
  inverse text not null,
  title json,
  inverse_title json,
  required boolean not null default false,
  on_delete text not null default 'restrict' check (on_delete in ('restrict', 'clear', 'cascade')),
  position integer generated always as identity,
  primary key (collection, name),
  unique (to_collection, inverse)
);

-- One row. The version is new after every change, so whoever holds it knows whether their copy is current;
-- its row lock also lets one change of collections happen at a time.
create table fermata.catalogue (
  one boolean primary key default true check (one),
  version uuid not null default gen_random_uuid()
);
insert into fermata.catalogue default values;

create function fermata.touch_catalogue() returns trigger language plpgsql as $$
begin
  update fermata.catalogue set version = gen_random_uuid();
  return null;
end $$;

create trigger touch_catalogue after insert or update or delete on fermata.collections
  for each statement execute function fermata.touch_catalogue();
create trigger touch_catalogue after insert or update or delete on fermata.fields
  for each statement execute function fermata.touch_catalogue();
create trigger touch_catalogue after insert or update or delete on fermata.relations
  for each statement execute function fermata.touch_catalogue();

-- Every change of a record, whoever wrote it, in the writer's transaction.
create table fermata.data_changes (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  collection text not null,
  record_id text not null,
  op text not null check (op in ('insert', 'update', 'delete')),
  old json,
  new json,
  -- JSON text as the writer set it in `fermata.ancestry`; not parsed here, so that a bad value cannot stop a write.
  ancestry text,
  -- Ids are given before commits: a reader takes rows with tx < pg_snapshot_xmin(pg_current_snapshot()).
  tx xid8 not null default pg_current_xact_id()
);
create index data_changes_by_record on fermata.data_changes (collection, record_id, id);

create function fermata.capture_data_change() returns trigger language plpgsql as $$
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
end $$;

create function fermata.touch_record() returns trigger language plpgsql as $$
begin
  -- The generated label is not computed yet in a before trigger.
  if to_jsonb(new) - 'label' <> to_jsonb(old) - 'label' then new.updated_at := now(); end if;
  return new;
end $$;

-- Takes all records for the execution or none. Answers the locks in the way; no row means: taken.
-- Records held by the execution itself or by those it descends from are not in its way.
create function fermata.take_locks(owner bigint, parent bigint, collections text[], records text[])
returns table (collection text, record_id text, execution_id bigint) language plpgsql as $$
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
end $$;
