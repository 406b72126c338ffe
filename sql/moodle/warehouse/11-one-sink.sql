-- Who may write the landing tables now, when one worker took the sink over from another that only hung?
-- Each new session of the sink asks before anything else. Whoever was suspended goes on in the middle of its batch and
-- would write what is older over what its successor wrote. So there is one of a name at a time: the next waits until the
-- session before it has ended, and ends it where it has done nothing for 5 s. A session that is in use is never ended:
-- heartbeats keep it busy every 2 s, while one that comes back late finds it in use, and is turned away.
-- Where its successor has ended meanwhile, nobody is in its way: so it is remembered who was let in after whom. Each
-- start of a task says by which name it can be told from every other; a task asks again when its session was lost.
-- The rows of a table that somebody copies are all there is to it: no sequence that could fall behind.
create table if not exists tributary.sink_tasks (
  sink text not null,
  task uuid not null,
  turn bigint not null,
  primary key (sink, task)
);

create or replace function tributary.one_sink(task text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  name constant text := current_setting('application_name');
  -- One for each name of an application: further sinks have names of their own.
  lease constant bigint := hashtextextended(name, 0);
  silence constant interval := interval '5 s';
  -- Without a worker that puts a name in, all that is known is who writes now.
  known constant uuid :=
    case when task ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\s*$' then trim(E'\n ' from task)::uuid end;
  asked constant timestamptz := clock_timestamp();
  is_let_in boolean;
  own bigint;
  latest bigint;
begin
  while clock_timestamp() < asked + interval '20 s' loop
    is_let_in := pg_try_advisory_lock(lease);
    select max(turn) filter (where t.task = known), max(turn) into own, latest
    from tributary.sink_tasks t where sink = name;
    -- Told at once: it may not end the session of whoever was let in after it.
    if own < latest then
      -- The session may outlive its refusal.
      if is_let_in then perform pg_advisory_unlock(lease); end if;
      raise exception 'a later task of % has written the landing tables since', name using errcode = 'object_in_use';
    end if;
    if is_let_in then
      insert into tributary.sink_tasks select name, known, coalesce(latest, 0) + 1 where known is not null and own is null;
      delete from tributary.sink_tasks t where sink = name and turn < latest - 1000;
      return;
    end if;
    perform pg_stat_clear_snapshot();
    perform pg_terminate_backend(a.pid)
    from pg_locks l join pg_stat_activity a using (pid)
    where l.locktype = 'advisory' and l.classid::bigint << 32 | l.objid::bigint = lease and l.granted
      and a.state <> 'active' and a.state_change < least(asked, clock_timestamp() - silence);
    perform pg_sleep(0.1);
  end loop;
  -- No connection error, or the sink would come back with the same batch again and again.
  raise exception 'another session of the sink writes the landing tables' using errcode = 'object_in_use';
end $$;

-- For a sink whose workers put no name in.
create or replace function tributary.one_sink() returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$ select tributary.one_sink(null) $$;

revoke execute on function tributary.one_sink(text), tributary.one_sink() from public;
grant execute on function tributary.one_sink(text), tributary.one_sink() to sink;
