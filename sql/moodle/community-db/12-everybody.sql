-- What may a role do here to which nothing was granted?
-- By Postgres' own default everybody may make temporary tables and large objects: a role that only reads could fill
-- the disk. Whose own program needs them grants it: `grant temporary on database … to …`.
do $$
begin
  execute format('revoke temporary on database %I from public', current_database());
end $$;
revoke execute on function lo_create(oid), lo_creat(int), lo_from_bytea(oid, bytea) from public;
