-- How far has each generator come, so that a restart goes on instead of repeating?
create table if not exists tributary.generated (
  id bigint generated always as identity primary key,
  seed bigint not null,
  history_rows bigint not null,
  -- As asked for; null means "now, at the first start", which history_end records.
  requested_end timestamptz,
  history_end timestamptz not null,
  rows_written bigint not null default 0,
  live_rows bigint not null default 0,
  live_operations bigint not null default 0,
  -- The keys between which its rows lie: its updates and deletes stay among them.
  first_id bigint,
  last_id bigint,
  started_at timestamptz not null default now(),
  finished_at timestamptz,
  unique nulls not distinct (seed, history_rows, requested_end)
);
