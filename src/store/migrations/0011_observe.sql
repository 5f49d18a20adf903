-- The W3C traceparent an execution was started with: whichever process goes on with it belongs to that trace.
alter table fermata.executions add column trace text;
-- What the page of workers shows; `running` is told with each heartbeat.
alter table fermata.processes
  add column version text not null default '',
  add column capacity integer not null default 0,
  add column running integer not null default 0;
