-- How many sites were registered in each of the last 8 weeks, and how many are there in total?
select week, sites_registered, sites_total
from weekly_registrations
where week > date_trunc('week', now() at time zone 'UTC')::date - 8 * 7
order by week;
