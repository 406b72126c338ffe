-- Who may write the landing tables now, when one worker took the sink over from another that only hung?
-- Each new session of the sink asks before anything else. Whoever was suspended goes on in the middle of its batch and
-- would write what is older over what its successor wrote. So there is one of a name at a time: the next waits until the
-- session before it has ended, and ends it where it has done nothing for 5 s. A session that is in use is never ended:
-- heartbeats keep it busy every 2 s, while one that comes back late finds it in use, and is turned away.
create or replace function tributary.one_sink() returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  -- One for each name of an application: further sinks have names of their own.
  lease constant bigint := hashtextextended(current_setting('application_name'), 0);
  silence constant interval := interval '5 s';
  came constant timestamptz := clock_timestamp();
begin
  while clock_timestamp() < came + interval '20 s' loop
    if pg_try_advisory_lock(lease) then
      return;
    end if;
    perform pg_stat_clear_snapshot();
    perform pg_terminate_backend(a.pid)
    from pg_locks l join pg_stat_activity a using (pid)
    where l.locktype = 'advisory' and l.classid::bigint << 32 | l.objid::bigint = lease and l.granted
      and a.state <> 'active' and a.state_change < least(came, clock_timestamp() - silence);
    perform pg_sleep(0.1);
  end loop;
  -- No connection error, or the sink would come back with the same batch again and again.
  raise exception 'another session of the sink writes the landing tables' using errcode = 'object_in_use';
end $$;

revoke execute on function tributary.one_sink() from public;
grant execute on function tributary.one_sink() to sink;
