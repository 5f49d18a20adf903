-- Two people who change one schedule: whoever saves names the change that was looked at, and is refused when another has
-- been made since. Pausing and firing are none.
alter table fermata.schedules add column seq integer not null default 0, add column updated_by text;
