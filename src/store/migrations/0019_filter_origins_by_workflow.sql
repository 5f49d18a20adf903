-- Who sees few workflows and asks for one trigger, one schedule or one batch: filtered in the index, without reading rows.
drop index fermata.executions_by_trigger;
create index executions_by_trigger on fermata.executions (trigger, created_at, id, workflow);

drop index fermata.executions_by_origin;
create index executions_by_origin on fermata.executions
  ((split_part(dedup_key, ':', 1) || ':' || split_part(dedup_key, ':', 2)), created_at, id, workflow, trigger)
  where dedup_key like 'schedule:%' or dedup_key like 'batch:%';
