import { sqlText } from '../../health/commands-to-paste.ts'
import type { SourceCheck } from '../check.ts'
import type { Fix } from '../finding.ts'

/** What keeps WAL or the catalogue's old rows, and belongs to no connector that is known here. */
export const orphanChecks: readonly SourceCheck[] = [
  {
    id: 'orphaned-slot',
    title: 'no logical slot of the source database is left without a connector and holds WAL back',
    appliesTo: 'source',
    run: async ({ all, database, databaseName }) => {
      const owned = all.map(({ config }) => config['slot.name'] ?? 'debezium')
      const { rows } = await database.query<{ name: string; retained: string }>(
        `select slot_name as name, pg_size_pretty(pg_current_wal_lsn() - restart_lsn) as retained
         from pg_replication_slots
         where slot_type = 'logical' and database = current_database() and not active and not temporary
           and slot_name <> all($1::text[])
         order by 1`,
        [owned],
      )
      return rows.map(({ name, retained }) => ({
        object: `${databaseName} slot ${name}`,
        severity: 'warning',
        message: `the slot '${name}' belongs to no connector here and holds back ${retained ?? 'lost'} WAL`,
        fix: {
          kind: 'sql',
          database: databaseName,
          statements: [`select pg_drop_replication_slot(${sqlText(name)})`],
          byHand: 'whoever reads it from elsewhere would lose their place',
        },
      }))
    },
  },
  {
    id: 'pinned-slot',
    title:
      'no transaction that is idle, or prepared and forgotten, holds back the slots of the source server',
    appliesTo: 'source',
    run: async ({ database, databaseName, patienceSeconds }) => {
      const { rows } = await database.query<{ what: string; since: string; statement: string }>(
        // Only one that has written holds slots back; a server that may not be seen shows no state.
        `select format('session %s (%s) is idle in a transaction', pid, usename) as what,
           date_trunc('second', now() - xact_start)::text as since, format('select pg_terminate_backend(%s)', pid) as statement
         from pg_stat_activity
         where state like 'idle in transaction%' and backend_xid is not null
           and state_change <= clock_timestamp() - make_interval(secs => $1)
         union all
         select format('the prepared transaction %L', gid), date_trunc('second', now() - prepared)::text,
           format('rollback prepared %L', gid)
         from pg_prepared_xacts
         where database = current_database() and prepared <= clock_timestamp() - make_interval(secs => $1)
         order by 1`,
        [patienceSeconds],
      )
      return rows.map(({ what, since, statement }) => ({
        object: databaseName,
        severity: 'warning',
        message: `${what} since ${since}: until it ends, slots keep all WAL from then on`,
        fix: sqlByHand(databaseName, statement),
      }))
    },
  },
]

const sqlByHand = (database: string, statement: string): Fix => ({
  ...{ kind: 'sql', database, statements: [statement], byHand: 'it undoes what the transaction has done' },
})
