-- Who looks after schedules and batches sleeps until the next one is due; what may be due sooner now says so, whoever
-- wrote it. Equal notifications of one transaction are one.
create function fermata.wake_who_looks() returns trigger language plpgsql as $$
begin
  perform pg_notify('fermata', json_build_object('looks', json_build_array(tg_table_name))::text);
  return null;
end $$;

create trigger wake_new after insert on fermata.schedules
  for each row when (new.state = 'active') execute function fermata.wake_who_looks();
-- A firing moves its schedule on to a later time: nobody is woken by that.
create trigger wake_changed after update of state, next_fire_at on fermata.schedules
  for each row when (new.state = 'active' and (old.state <> 'active' or old.next_fire_at is null
    or new.next_fire_at < old.next_fire_at)) execute function fermata.wake_who_looks();

create trigger wake_new after insert on fermata.batches
  for each row execute function fermata.wake_who_looks();
create trigger wake_changed after update of state, terminated_by on fermata.batches
  for each row when (new.ended_at is null) execute function fermata.wake_who_looks();
