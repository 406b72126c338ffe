-- How fresh is the warehouse? Each source's last heartbeat that arrived here.
create table if not exists tributary.heartbeat (
  source text primary key,
  beat_at timestamptz not null
);
