-- Who plays the application that writes to this database, and what may it touch?
-- Roles belong to the whole server, so it may exist already; `trib up` sets its password.
do $$
begin
  create role generator;
exception when duplicate_object or unique_violation then null;
end $$;
alter role generator with login noreplication nosuperuser nocreatedb nocreaterole nobypassrls;

grant usage on schema public, tributary to generator;
grant select, insert, update, delete on public."SitesUsers" to generator;
grant usage on sequence public."SitesUsers_id_seq" to generator;
grant select, insert, update, delete on tributary.generated to generator;
