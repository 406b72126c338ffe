-- In which ten seconds of the last day did the change stream show that it was alive?
-- Landed like any table. After one side was restored from an older copy the two logs differ for the time that was
-- lost, which no other table tells: heartbeat has one row, and is right again two seconds later.
create table if not exists tributary.sites_beat_log (
  -- Tens of seconds since 1970; not a timestamptz, by which Debezium's incremental snapshot cannot find a row.
  tick bigint primary key
);

create or replace function tributary.log_beat() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  now_tick bigint := floor(extract(epoch from new.beat_at) / 10);
begin
  insert into tributary.sites_beat_log (tick) values (now_tick) on conflict do nothing;
  delete from tributary.sites_beat_log where tick < now_tick - 24 * 60 * 6;
  return null;
end $$;
-- Else whoever may make a table of their own, were it a temporary one, could put it there and write or empty the log.
revoke execute on function tributary.log_beat() from public;

create or replace trigger log_beat after insert or update on tributary.heartbeat
for each row execute function tributary.log_beat();
