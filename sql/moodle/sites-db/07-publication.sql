-- Which tables does the change stream of this database carry?
-- Owned here and never made by Debezium: its default, all tables, breaks updates in tables without a primary key.
-- Missing tables are added; those that `trib add table` brought stay.
do $$
declare
  wanted text;
begin
  if not exists (select from pg_publication where pubname = 'tributary_sites') then
    create publication tributary_sites;
  end if;
  foreach wanted in array array['public."SitesUsers"', 'tributary.heartbeat', 'tributary.sites_beat_log', 'tributary.signal'] loop
    if not exists (
      select from pg_publication_rel r join pg_publication p on p.oid = r.prpubid
      where p.pubname = 'tributary_sites' and r.prrelid = wanted::regclass
    ) then
      execute format('alter publication tributary_sites add table %s', wanted::regclass);
    end if;
  end loop;
end $$;
