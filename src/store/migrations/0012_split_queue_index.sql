-- Timers and effects are looked for apart: a thousand effects that wait for a place are not read to find the next timer,
-- nor ten thousand timers to find the next effect. A row is in one of the two, so writing it costs what it did.
drop index fermata.queue_due;
create index queue_effects on fermata.queue (workflow, due_at) where claimed_by is null and kind = 'run' and tag is null;
create index queue_timers on fermata.queue (workflow, due_at) where claimed_by is null and kind <> 'run';
