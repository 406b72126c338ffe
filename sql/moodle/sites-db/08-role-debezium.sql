-- Who reads the change stream of this database, and what may it touch?
-- Roles belong to the whole server, so it may exist already; `trib up` sets its password.
do $$
begin
  create role debezium;
exception when duplicate_object or unique_violation then null;
end $$;
alter role debezium with login replication nosuperuser nocreatedb nocreaterole nobypassrls;

grant usage on schema public, tributary to debezium;
grant select on public."SitesUsers" to debezium;
grant select, insert, update on tributary.heartbeat to debezium;
grant select on tributary.sites_beat_log to debezium;
grant select, insert, update, delete on tributary.signal to debezium;
