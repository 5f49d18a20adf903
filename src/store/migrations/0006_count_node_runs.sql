-- Node runs dispatched so far: an execution may have so many and no more.
alter table fermata.executions add column dispatched integer not null default 0;
