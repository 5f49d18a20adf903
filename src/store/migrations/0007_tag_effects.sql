-- Effects that run only where they can: a row with a tag is claimed by processes that have it. Those that nobody serves
-- are kept apart, so that looking for work costs the others nothing.
alter table fermata.queue add column tag text;
drop index fermata.queue_due;
create index queue_due on fermata.queue (workflow, due_at) where claimed_by is null and tag is null;
create index queue_tagged on fermata.queue (tag, workflow, due_at) where claimed_by is null and tag is not null;
alter table fermata.processes add column tags text[] not null default '{}',
  -- Takes effects that ask for no tag.
  add column untagged boolean not null default true;
