-- Effects that were interrupted are claimed one by one: whichever of them kills its process must not take the others
-- with it each time.
create index queue_suspects on fermata.queue (due_at) where claimed_by is null and crashes > 0 and kind = 'run';
