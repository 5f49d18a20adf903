-- A long history is listed by each filter within milliseconds. Indexes ascend, as the rows come: pages stay full, and
-- a list reads them from the end. Updates of live executions touch none of them but when the status changes.
drop index fermata.executions_by_time;
create index executions_by_time on fermata.executions (created_at, id);

drop index fermata.executions_by_workflow;
create index executions_by_workflow on fermata.executions (workflow, created_at, id, version);

drop index fermata.executions_by_target;
create index executions_by_target on fermata.executions (target_collection, target_id, created_at, id)
  where target_id is not null;

create index executions_by_starter on fermata.executions (started_by, created_at, id, trigger);
create index executions_by_trigger on fermata.executions (trigger, created_at, id);

-- Nearly all end completed: those are found by time. The last columns are filtered without reading rows.
drop index fermata.executions_live;
create index executions_by_status on fermata.executions (status, created_at, id, workflow, trigger, started_by)
  where status <> 'completed';
create index executions_attention on fermata.executions (created_at, id, workflow) where attention;
create index executions_tests on fermata.executions (created_at, id, workflow) where test;

-- What executions have worked on, by the label it had then: thousands of rows to search instead of millions.
create table fermata.targets (
  collection text not null,
  id text not null,
  label text not null,
  noted_at timestamptz not null default now(),
  primary key (collection, id, label)
);
insert into fermata.targets (collection, id, label)
select distinct target_collection, target_id, coalesce(target_label, target_id) from fermata.executions
where target_id is not null;

-- Where the extension cannot be had the table is read from end to end.
do $$
begin
  create extension if not exists pg_trgm with schema fermata;
  create index targets_by_label on fermata.targets using gin (label fermata.gin_trgm_ops);
exception
  when insufficient_privilege or undefined_file or feature_not_supported or undefined_object then null;
end $$;
