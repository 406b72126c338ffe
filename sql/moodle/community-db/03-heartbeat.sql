-- When did the change stream of this database last show that it is alive?
-- Captured like any table: it moves the slot of an idle database, and its landed copy tells how fresh the warehouse is.
create table if not exists tributary.heartbeat (
  source text primary key,
  beat_at timestamptz not null
);
