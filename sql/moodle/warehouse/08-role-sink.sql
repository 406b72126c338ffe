-- Who writes what the change streams bring, and what may it touch?
-- Roles belong to the whole server, so it may exist already; `trib up` sets its password.
do $$
begin
  create role sink;
exception when duplicate_object or unique_violation then null;
end $$;
alter role sink with login noreplication nosuperuser nocreatedb nocreaterole nobypassrls;
-- The JDBC sink names tables without their schema; heartbeat is in the second.
alter role sink set search_path = public, tributary;

grant usage on schema public, tributary to sink;
grant select, insert, update, delete on public."CommunityUsers", public."SitesUsers" to sink;
grant select, insert, update, delete on tributary.heartbeat, tributary.community_beat_log, tributary.sites_beat_log to sink;
