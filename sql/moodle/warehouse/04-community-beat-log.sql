-- In which ten seconds of the last day was community-db heard of? Landed from there.
create table if not exists tributary.community_beat_log (
  -- Tens of seconds since 1970.
  tick bigint primary key
);
