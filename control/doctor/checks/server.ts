import type { SourceCheck } from '../check.ts'
import type { Fix } from '../finding.ts'
import type { SourceSubject } from '../subjects/source-subject.ts'

const restart = 'it counts after a restart of Postgres'

/** What the server of a source must offer. */
export const serverChecks: readonly SourceCheck[] = [
  {
    id: 'wal-level',
    title: 'the source server writes WAL that can be decoded (wal_level)',
    appliesTo: 'source',
    run: async subject => {
      const level = await setting(subject, 'wal_level')
      if (level === 'logical') return []
      return [
        {
          object: subject.databaseName,
          severity: 'error',
          message: `wal_level is ${level}: a slot for logical decoding cannot be made`,
          fix: alterSystem(subject, 'wal_level', 'logical', restart),
        },
      ]
    },
  },
  {
    id: 'free-slots',
    title: 'a replication slot is left for a source that has none yet (max_replication_slots)',
    appliesTo: 'source',
    run: async subject => {
      const { rows } = await subject.database.query<{ used: number; max: number; isThere: boolean }>(
        `select count(*)::int4 as used, current_setting('max_replication_slots')::int4 as max,
           coalesce(bool_or(slot_name = $1), false) as "isThere" from pg_replication_slots`,
        [subject.slot],
      )
      const { used = 0, max = 0, isThere = true } = rows[0] ?? {}
      if (isThere || used < max) return []
      return [
        {
          object: subject.databaseName,
          severity: 'error',
          message: `all ${max} replication slots are used, and '${subject.slot}' is not among them`,
          fix: alterSystem(subject, 'max_replication_slots', String(max + 5), restart),
        },
      ]
    },
  },
  {
    id: 'free-senders',
    title: 'a WAL sender is left for a source that does not stream yet (max_wal_senders)',
    appliesTo: 'source',
    run: async subject => {
      const { rows } = await subject.database.query<{ used: number; max: number; isStreaming: boolean }>(
        `select (select count(*)::int4 from pg_stat_activity where backend_type = 'walsender') as used,
           current_setting('max_wal_senders')::int4 as max,
           exists (select from pg_replication_slots where slot_name = $1 and active) as "isStreaming"`,
        [subject.slot],
      )
      const { used = 0, max = 0, isStreaming = true } = rows[0] ?? {}
      if (isStreaming || used < max) return []
      return [
        {
          object: subject.databaseName,
          severity: 'error',
          message: `all ${max} WAL senders are used, and none of them is that of ${subject.connector.name}`,
          fix: alterSystem(subject, 'max_wal_senders', String(max + 5), restart),
        },
      ]
    },
  },
  {
    id: 'slot-keep-size',
    title: 'a slot that nobody reads cannot fill the disk of the source (max_slot_wal_keep_size)',
    appliesTo: 'source',
    run: async subject => {
      const limit = await setting(subject, 'max_slot_wal_keep_size')
      if (limit !== '-1') return []
      return [
        {
          object: subject.databaseName,
          severity: 'warning',
          message:
            'max_slot_wal_keep_size is not set: while a connector stands still, WAL grows until the disk is full and the application stops',
          fix: alterSystem(subject, 'max_slot_wal_keep_size', '10GB'),
        },
      ]
    },
  },
]

async function setting({ database }: SourceSubject, name: string): Promise<string> {
  const { rows } = await database.query<{ value: string }>('select current_setting($1) as value', [name])
  return rows[0]?.value ?? ''
}

/** A setting of the server; one that a restart must follow is left to a person. */
export function alterSystem(
  { databaseName }: Pick<SourceSubject, 'databaseName'>,
  name: string,
  value: string,
  byHand?: string,
): Fix {
  const statements = [`alter system set ${name} = '${value}'`]
  return byHand === undefined
    ? { kind: 'sql', database: databaseName, statements: [...statements, 'select pg_reload_conf()'] }
    : { kind: 'sql', database: databaseName, statements, byHand }
}
