-- How many community users administer a registered site: new each week, and in total?
-- E-mails are compared without case or surrounding space, and a blank one is nobody's. A user counts once, in the
-- week in which both were there: the user, and the earliest site with that e-mail.
create or replace view public.admin_overlap as
with sites as (
  -- One row for each e-mail, before the join: a user with many sites must not multiply.
  select lower(btrim(admin_email)) as email, min(registration_timestamp) as registered_at
  from public."SitesUsers"
  where btrim(admin_email) <> ''
  group by 1
),
admins as (
  select
    date_trunc('week', greatest(users.registration_timestamp, sites.registered_at) at time zone 'UTC')::date as week,
    count(*) as users
  from public."CommunityUsers" as users
  join sites on sites.email = lower(btrim(users.email))
  group by 1
)
select
  weeks.week,
  coalesce(admins.users, 0) as new_admins,
  coalesce(sum(admins.users) over (order by weeks.week), 0)::bigint as admins_total
from tributary.weeks
left join admins on admins.week = weeks.week
order by weeks.week;
