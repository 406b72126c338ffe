-- Which sites are registered now? Landed from sites-db.
-- The source's columns and nothing more; no default either: a value that is missing must not be made up.
create table if not exists public."SitesUsers" (
  id bigint primary key,
  admin_email text not null,
  username text not null,
  registration_timestamp timestamptz not null
);
