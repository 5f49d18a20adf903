-- What a schedule or a batch has started is found by the beginning of its dedup key, `schedule:12:…`, `batch:7:…`:
-- a key never changes, and whoever starts without one pays nothing.
create index executions_by_origin on fermata.executions
  ((split_part(dedup_key, ':', 1) || ':' || split_part(dedup_key, ':', 2)), created_at, id)
  where dedup_key like 'schedule:%' or dedup_key like 'batch:%';

-- Filters of a list that a user has given a name.
create table fermata.saved_views (
  id bigint generated always as identity primary key,
  user_id bigint not null references fermata.users on delete cascade,
  page text not null,
  name text not null,
  -- Query part of the address.
  search text not null,
  created_at timestamptz not null default now(),
  unique (user_id, page, name)
);
