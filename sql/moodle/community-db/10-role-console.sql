-- Who watches this database for the web console, and what may it see?
-- Roles belong to the whole server, so it may exist already; `trib up` sets its password.
do $$
begin
  create role console;
exception when duplicate_object or unique_violation then null;
end $$;
alter role console with login noreplication nosuperuser nocreatedb nocreaterole nobypassrls;
-- The missing grants are what forbids writing; this only makes the refusal plainer.
alter role console set default_transaction_read_only = on;

-- Whose forgotten transaction holds back a slot, only the statistics of all sessions tell.
grant pg_read_all_stats to console;
grant usage on schema public, tributary to console;
-- Verifying reads every row that is captured.
grant select on public."CommunityUsers", tributary.community_beat_log to console;
-- Whether rows that are being read again were paused stands there.
grant select on tributary.signal to console;
