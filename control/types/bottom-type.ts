/**
 * What a column is made of: itself, or of a domain what that is over, which may be a domain. To be joined where `a` is
 * its `pg_attribute` and `own` its `pg_type`; gives `bottom.oid` and `bottom.typmod`.
 */
export const bottomType = `
cross join lateral (
  with recursive made_of(oid, typmod, kind) as (
    select own.oid, a.atttypmod, own.typtype
    union all
    select below.oid, this.typtypmod, below.typtype
    from made_of join pg_type this on this.oid = made_of.oid and this.typtype = 'd'
    join pg_type below on below.oid = this.typbasetype
  )
  select oid, typmod from made_of where kind <> 'd'
) as bottom`
