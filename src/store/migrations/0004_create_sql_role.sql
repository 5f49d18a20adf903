-- Statements of `sql` nodes run as this role: it sees the tables of the schema `data` and nothing of the engine.
-- Where this user may not create roles the rest still works; `sql` nodes then say what an administrator must do.
create schema if not exists data;

do $$
begin
  if not exists (select from pg_roles where rolname = 'fermata_sql') then
    create role fermata_sql nologin;
  end if;
exception
  when insufficient_privilege or duplicate_object or unique_violation then null;
end $$;

-- Who has created a role administers it, but may take it only once it is granted too (PostgreSQL 16). Who did not
-- create it may have been granted it by an administrator. A superuser needs no grant.
do $$
begin
  if not (select rolsuper from pg_roles where rolname = current_user) then
    grant fermata_sql to current_user;
  end if;
exception
  when insufficient_privilege or undefined_object then null;
end $$;

do $$
begin
  if not exists (select from pg_roles where rolname = 'fermata_sql') then
    return;
  end if;
  grant usage on schema data to fermata_sql;
  grant select, insert, update, delete on all tables in schema data to fermata_sql;
  grant usage on all sequences in schema data to fermata_sql;
  alter default privileges in schema data grant select, insert, update, delete on tables to fermata_sql;
  alter default privileges in schema data grant usage on sequences to fermata_sql;
exception
  when insufficient_privilege then null;
end $$;

-- Writes to a table of the engine for whoever changed a record, that role included.
alter function fermata.capture_data_change() security definer set search_path = pg_catalog, pg_temp;
