-- Which weeks does every report have a row for?
-- Mondays in UTC, whatever the session's time zone, from the earliest row of either table to the current week.
create or replace view tributary.weeks as
select week::date as week
from generate_series(
  date_trunc('week', least(
    (select min(registration_timestamp) from public."CommunityUsers"),
    (select min(registration_timestamp) from public."SitesUsers")
  ) at time zone 'UTC'),
  date_trunc('week', now() at time zone 'UTC'),
  interval '1 week'
) as week;
