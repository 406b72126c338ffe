-- In which ten seconds of the last day was community-db heard of? Landed from there.
create table if not exists tributary.community_beat_log (
  beat_at timestamptz primary key
);
