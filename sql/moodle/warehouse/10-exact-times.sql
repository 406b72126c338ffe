-- How does a time that travels as a plain number (`Cast` in its source) become the very same date, time or timestamp?
create or replace function tributary.time_of(microseconds bigint) returns time
language sql immutable strict
as $$
  select case microseconds
    -- The one time that is not within a day: the sink knows no such time, and stops.
    when 86400000000 then time '24:00'
    else time '00:00' + microseconds * interval '1 microsecond'
  end
$$;

-- Debezium's numbers for the infinities are the largest and the smallest that there are.
create or replace function tributary.timestamp_of(microseconds bigint) returns timestamp
language sql immutable strict
as $$
  select case microseconds
    when 9223372036854775807 then timestamp 'infinity'
    when -9223372036854775808 then timestamp '-infinity'
    -- In two steps: an interval of that many microseconds is counted as a double, which cannot tell the last ones apart.
    else timestamp 'epoch' + (microseconds / 86400000000)::int * interval '1 day'
      + (microseconds % 86400000000) * interval '1 microsecond'
  end
$$;

-- The first of each pair comes with a change, the second with a snapshot.
create or replace function tributary.date_of(days int) returns date
language sql immutable strict
as $$
  select case
    when days in (2146033979, -622191234) then date 'infinity'
    when days in (-2147472691, -625821272) then date '-infinity'
    else date 'epoch' + days
  end
$$;

do $$
begin
  if not exists (select from pg_cast where castsource = 'bigint'::regtype and casttarget = 'time'::regtype) then
    create cast (bigint as time) with function tributary.time_of(bigint) as assignment;
  end if;
  if not exists (select from pg_cast where castsource = 'bigint'::regtype and casttarget = 'timestamp'::regtype) then
    create cast (bigint as timestamp) with function tributary.timestamp_of(bigint) as assignment;
  end if;
  if not exists (select from pg_cast where castsource = 'int'::regtype and casttarget = 'date'::regtype) then
    create cast (int as date) with function tributary.date_of(int) as assignment;
  end if;
end
$$;
