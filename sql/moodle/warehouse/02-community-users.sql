-- Who is a member of the community site now? Landed from community-db.
-- The source's columns and nothing more; no default either: a value that is missing must not be made up.
create table if not exists public."CommunityUsers" (
  id bigint primary key,
  email text not null,
  username text not null,
  registration_timestamp timestamptz not null
);
