-- How many sites were registered each week, and how many are there in total?
-- A row dated in a future week belongs to no week of the calendar, and so to no total.
create or replace view public.weekly_registrations as
with registered as (
  select date_trunc('week', registration_timestamp at time zone 'UTC')::date as week, count(*) as sites
  from public."SitesUsers"
  group by 1
)
select
  weeks.week,
  coalesce(registered.sites, 0) as sites_registered,
  coalesce(sum(registered.sites) over (order by weeks.week), 0)::bigint as sites_total
from tributary.weeks
left join registered on registered.week = weeks.week
order by weeks.week;
