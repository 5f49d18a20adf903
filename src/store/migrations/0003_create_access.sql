-- Who may do what, how they prove who they are, and what was done.
create table fermata.users (
  id bigint generated always as identity primary key,
  name text not null unique check (name ~ '^[a-z0-9][a-z0-9._-]{0,62}$'),
  display_name text not null,
  -- argon2id, PHC string; null: signs in by link only.
  password_hash text,
  disabled boolean not null default false,
  language text check (language in ('en', 'zh', 'ru')),
  -- Raised when the password changes or the user is disabled: whatever carries an older number is dead.
  security_epoch integer not null default 1,
  created_at timestamptz not null default now()
);

create table fermata.roles (
  name text primary key check (name ~ '^[a-z][a-z0-9-]{0,62}$'),
  title text not null,
  built_in boolean not null default false,
  -- Of own roles; those of the built-in ones are in the program.
  permissions text[] not null default '{}'
);
insert into fermata.roles (name, title, built_in) values
  ('admin', 'Administrator', true),
  ('designer', 'Designer', true),
  ('operator', 'Operator', true);

create table fermata.user_roles (
  user_id bigint not null references fermata.users on delete cascade,
  role text not null references fermata.roles on delete cascade,
  primary key (user_id, role)
);
create index user_roles_by_role on fermata.user_roles (role);

-- `workflow` is a key or '*'. A grant may precede its workflow, hence no foreign key.
create table fermata.grants (
  role text not null references fermata.roles on delete cascade,
  workflow text not null,
  may text not null check (may in ('manage', 'run', 'view')),
  primary key (role, workflow)
);
insert into fermata.grants (role, workflow, may) values ('designer', '*', 'manage');

-- No row: the role has no opinion about the collection.
create table fermata.row_permissions (
  role text not null references fermata.roles on delete cascade,
  collection text not null,
  rule text not null check (rule in ('all', 'none', 'filter')),
  -- As inside the brackets of a path.
  filter text,
  primary key (role, collection),
  check ((rule = 'filter') = (filter is not null))
);

create table fermata.sessions (
  secret_hash bytea primary key,
  user_id bigint not null references fermata.users on delete cascade,
  security_epoch integer not null,
  created_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  address text,
  agent text
);
create index sessions_by_user on fermata.sessions (user_id);

create table fermata.sign_in_links (
  secret_hash bytea primary key,
  user_id bigint not null references fermata.users on delete cascade,
  security_epoch integer not null,
  created_at timestamptz not null default now(),
  -- infinity: until it is used or replaced.
  expires_at timestamptz not null
);

create table fermata.api_tokens (
  id bigint generated always as identity primary key,
  user_id bigint not null references fermata.users on delete cascade,
  name text not null,
  secret_hash bytea not null unique,
  -- null: everything its owner may do.
  scopes text[],
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz
);
create unique index api_tokens_one_name on fermata.api_tokens (user_id, name) where revoked_at is null;

-- Wrong passwords, counted per account and per address.
create table fermata.sign_in_attempts (
  key text primary key,
  failures integer not null,
  -- So many cost nothing; then the delay grows.
  free integer not null,
  last_at timestamptz not null default now(),
  blocked_until timestamptz not null default '-infinity'
);

create table fermata.secrets (
  name text primary key,
  description text,
  sealed bytea not null,
  changed_by text not null,
  changed_at timestamptz not null default now()
);

create table fermata.connections (
  name text primary key,
  type text not null,
  settings json not null,
  -- Names of what is in `sealed`, so that people see what is set without opening it.
  secret_fields text[] not null default '{}',
  sealed bytea,
  changed_by text not null,
  changed_at timestamptz not null default now()
);

-- One row that only the right master key opens.
create table fermata.vault_canary (
  single boolean primary key default true check (single),
  sealed bytea not null
);

create table fermata.known_hosts (
  host text not null,
  port integer not null,
  fingerprint text not null,
  added_by text not null,
  added_at timestamptz not null default now(),
  primary key (host, port)
);

create table fermata.audit (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  by text not null,
  action text not null,
  object text not null,
  details json,
  address text
);
create index audit_by_object on fermata.audit (object, id desc);
create index audit_by_person on fermata.audit (by, id desc);

-- A trigger, because the owner of a table is above its privileges.
create function fermata.refuse_audit_change() returns trigger language plpgsql as $$
begin
  raise exception 'The audit table is append only';
end $$;
create trigger audit_append_only before update or delete or truncate on fermata.audit
  for each statement execute function fermata.refuse_audit_change();
revoke update, delete, truncate on fermata.audit from public;
