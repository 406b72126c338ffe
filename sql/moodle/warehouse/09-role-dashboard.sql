-- Who reads the answers, and what may it see?
-- Roles belong to the whole server, so it may exist already; `trib up` sets its password.
do $$
begin
  create role dashboard;
exception when duplicate_object or unique_violation then null;
end $$;
alter role dashboard with login noreplication nosuperuser nocreatedb nocreaterole nobypassrls;
-- The missing grants are what forbids writing; this only makes the refusal plainer.
alter role dashboard set default_transaction_read_only = on;

grant usage on schema public, tributary to dashboard;
grant select on public."CommunityUsers", public."SitesUsers", tributary.heartbeat to dashboard;
grant select on public.weekly_registrations, public.admin_overlap to dashboard;
