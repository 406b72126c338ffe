-- How does a TRUNCATE reach the warehouse, whose change stream carries rows only?
-- As the deletes of all rows, in order with every other change: the trigger deletes them first, and the TRUNCATE that
-- follows finds none. It runs as its owner, for a role may have TRUNCATE without DELETE; and as a replica, for a
-- TRUNCATE fires no trigger of rows and no foreign key either. Nobody else may put it on a table of theirs.
create or replace function tributary.delete_before_truncate() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
set session_replication_role = replica
as $$
begin
  if tg_op <> 'TRUNCATE' then
    raise exception 'tributary.delete_before_truncate() is for TRUNCATE only';
  end if;
  -- The rows of a partitioned table are in its partitions; those of a child that inherits stay, as with TRUNCATE ONLY.
  if (select relkind from pg_class where oid = tg_relid) = 'p' then
    execute format('delete from %I.%I', tg_table_schema, tg_table_name);
  else
    execute format('delete from only %I.%I', tg_table_schema, tg_table_name);
  end if;
  return null;
end $$;
revoke execute on function tributary.delete_before_truncate() from public;

create or replace trigger tributary_delete_before_truncate before truncate on public."CommunityUsers"
for each statement execute function tributary.delete_before_truncate();
-- Always: a restore works as a replica, and its TRUNCATE is to arrive, too.
alter table public."CommunityUsers" enable always trigger tributary_delete_before_truncate;
