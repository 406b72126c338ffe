-- Who reads the warehouse for the web console, and what may it see?
-- Roles belong to the whole server, so it may exist already; `trib up` sets its password.
do $$
begin
  create role console;
exception when duplicate_object or unique_violation then null;
end $$;
alter role console with login noreplication nosuperuser nocreatedb nocreaterole nobypassrls;
-- The missing grants are what forbids writing; this only makes the refusal plainer.
alter role console set default_transaction_read_only = on;

grant usage on schema public, tributary to console;
grant select on public."CommunityUsers", public."SitesUsers" to console;
grant select on tributary.heartbeat, tributary.community_beat_log, tributary.sites_beat_log to console;
grant select on public.weekly_registrations, public.admin_overlap to console;
