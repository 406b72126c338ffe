-- In which ten seconds of the last day did the change stream show that it was alive?
-- Landed like any table. After one side was restored from an older copy the two logs differ for the time that was
-- lost, which no other table tells: heartbeat has one row, and is right again two seconds later.
create table if not exists tributary.community_beat_log (
  beat_at timestamptz primary key
);

create or replace function tributary.log_beat() returns trigger
language plpgsql security definer set search_path = pg_catalog as $$
begin
  insert into tributary.community_beat_log (beat_at)
  values (date_bin('10 seconds', new.beat_at, timestamptz '2000-01-01 00:00:00Z'))
  on conflict do nothing;
  delete from tributary.community_beat_log where beat_at < new.beat_at - interval '1 day';
  return null;
end $$;

create or replace trigger log_beat after insert or update on tributary.heartbeat
for each row execute function tributary.log_beat();
