-- What people are to be told of scheduled executions: tried until it has arrived, or is given up. Mail and webhook are rows
-- of their own, so that the one is not sent again because the other fails.
create table fermata.messages (
  id bigint generated always as identity primary key,
  schedule_id bigint not null,
  due_at timestamptz not null,
  event text not null,
  way text not null check (way in ('mail', 'webhook')),
  -- Mail addresses, or one URL.
  addresses text[] not null,
  -- What is said of the firing.
  content json not null,
  status text not null default 'open' check (status in ('open', 'sent', 'failed')),
  tries smallint not null default 0,
  -- Why the last try failed.
  error text,
  next_try_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  ended_at timestamptz,
  foreign key (schedule_id, due_at) references fermata.firings on delete cascade
);
create index messages_open on fermata.messages (next_try_at) where status = 'open';
create index messages_by_firing on fermata.messages (schedule_id, due_at);

-- Events are settled and their messages written in one transaction.
alter table fermata.firings drop column told_at;

-- Where a user is told by mail.
alter table fermata.users add column mail text;
