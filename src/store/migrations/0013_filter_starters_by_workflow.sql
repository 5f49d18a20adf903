-- Who sees few workflows and asks for what one person started: filtered in the index, without reading the rows.
drop index fermata.executions_by_starter;
create index executions_by_starter on fermata.executions (started_by, created_at, id, workflow, trigger);
