-- The batch page asks at each look what its executions and their sub-workflows wait for: a loop of 10,000 sub-workflows
-- leaves as many that have ended, which nobody is to read for that.
create index executions_live_by_parent on fermata.executions (parent_id) where parent_id is not null and ended_at is null;
