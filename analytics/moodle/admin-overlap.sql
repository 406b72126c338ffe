-- How many community users administer a registered site: new in each of the last 8 weeks, and in total?
select week, new_admins, admins_total
from admin_overlap
where week > date_trunc('week', now() at time zone 'UTC')::date - 8 * 7
order by week;
