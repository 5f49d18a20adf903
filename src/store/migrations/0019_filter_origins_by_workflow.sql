-- Who asks for one trigger of a workflow that runs rarely, or sees few workflows and asks for one schedule or one batch:
-- filtered in the index, without reading rows.
drop index fermata.executions_by_workflow;
create index executions_by_workflow on fermata.executions (workflow, created_at, id, version, trigger);

drop index fermata.executions_by_origin;
create index executions_by_origin on fermata.executions
  ((split_part(dedup_key, ':', 1) || ':' || split_part(dedup_key, ':', 2)), created_at, id, workflow, trigger)
  where dedup_key like 'schedule:%' or dedup_key like 'batch:%';
