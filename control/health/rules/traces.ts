import { named, shellWord } from '../../output/shell-words.ts'
import { bringUp, inTurn, sqlCommand, sqlName, sqlText } from '../commands-to-paste.ts'
import { type About, type KnownTrace, traceOf } from './known-trace.ts'
import { createTable, landingColumns, placeOf, renamedColumns } from './places.ts'
import { snapshotAnew } from './snapshot-anew.ts'
import { valueTraces } from './value-traces.ts'

const restart = ({ connector }: About, options?: string) =>
  `npx trib restart ${named(connector.name, options)}`
const user = ({ connector: { config }, side }: About) =>
  (side === 'source' ? config['database.user'] : config['connection.username']) ?? 'its user'
const databaseOf = ({ side }: About) => (side === 'source' ? 'its database' : 'the warehouse')

/** SQL in the connector's own database, then a restart; without a place to run it only the restart. */
const mend = (about: About, sql: string | undefined) => {
  const place = placeOf(about.sight, about.side)
  return inTurn(place && sql ? sqlCommand(place, sql) : undefined, restart(about))
}

/** The first that fits counts: what is particular stands before what is general. */
export const knownTraces: readonly KnownTrace[] = [
  {
    id: 'password-refused',
    restartMends: false,
    pattern: /password authentication failed for user "([^"]+)"/,
    cause: ([, name], about) => `${databaseOf(about)} refuses the password that the worker has for ${name}`,
    command: (_match, about) => (about.sight.cluster.kind === 'local' ? 'npx trib up' : restart(about)),
  },
  {
    id: 'no-such-role',
    restartMends: false,
    pattern: /role "([^"]+)" does not exist|no pg_hba\.conf entry for [^\n]*user "([^"]+)"/,
    cause: ([, role, refused], about) => `${databaseOf(about)} does not let ${role ?? refused} in`,
    command: (_match, about) => (about.sight.cluster.kind === 'local' ? 'npx trib up' : restart(about)),
  },
  {
    id: 'unresolved-variable',
    restartMends: false,
    pattern: /\$\{(?:env|file|secrets?|vault):([^}]*)\}/,
    cause: ([, name], { connector }) =>
      `the worker does not know the variable ${name} that ${connector.name} names`,
    command: (_match, { connector }) => `npx trib describe connector ${named(connector.name)}`,
  },
  {
    id: 'slot-invalidated',
    restartMends: false,
    side: 'source',
    pattern: /can no longer (?:access|get changes from) replication slot "([^"]+)"/,
    cause: ([, slot]) => `the slot ${slot} was invalidated: it fell so far behind that its WAL was removed`,
    command: (_match, { sight }) => snapshotAnew(sight),
  },
  {
    id: 'slot-dropped',
    restartMends: false,
    side: 'source',
    pattern: /replication slot "([^"]+)" does not exist/,
    cause: ([, slot]) => `the slot ${slot} was dropped, and with it the changes since`,
    command: (_match, { sight }) => snapshotAnew(sight),
  },
  {
    id: 'offset-out-of-step',
    restartMends: false,
    side: 'source',
    pattern:
      /this is no longer available on the server|offset .*(?:out of step|mismatch)|(?:slot|LSN) .* is ahead of .*offset/i,
    cause: (_match, { connector }) =>
      `the slot ${connector.config['slot.name'] ?? 'debezium'} no longer has what ${connector.name} is to read next: it was dropped, made anew, or moved`,
    command: (_match, { sight }) => snapshotAnew(sight),
  },
  {
    id: 'slot-in-use',
    side: 'source',
    pattern: /replication slot "([^"]+)" is active for PID (\d+)/,
    cause: ([, slot, pid], { sight, connector }) => {
      const other = sight.connectors.find(
        ({ name, config }) => name !== connector.name && config['slot.name'] === slot,
      )
      return `the slot ${slot} is in use by ${other ? `${other.name}, ` : ''}process ${pid} of the database`
    },
    command: ([, , pid], about) => mend(about, `select pg_terminate_backend(${pid})`),
  },
  {
    id: 'slots-used-up',
    side: 'source',
    pattern: /all replication slots are in use/,
    cause: () => 'the database has no free replication slot',
    command: (_match, { sight }) => {
      const place = placeOf(sight, 'source')
      return place && sqlCommand(place, 'select slot_name, active, wal_status from pg_replication_slots')
    },
  },
  {
    id: 'publication-gone',
    restartMends: false,
    side: 'source',
    pattern: /publication "([^"]+)" does not exist|Publication autocreation is disabled/,
    cause: ([, name], { connector }) =>
      `the publication ${name ?? connector.config['publication.name'] ?? 'dbz_publication'} does not exist, or did not when the changes were made that are to be read next`,
    command: (_match, { sight }) => snapshotAnew(sight, { withPublication: true }),
  },
  {
    id: 'permission-denied',
    restartMends: false,
    pattern: /permission denied for (table|schema|sequence|relation|database|publication) ([^\s\]]+)/,
    cause: ([, kind, name], about) =>
      `${user(about)} has no right to ${about.side === 'sink' ? 'write' : 'read'} the ${kind} ${name}`,
    command: ([, kind, name = ''], about) => {
      const place = placeOf(about.sight, about.side)
      if (!place) return restart(about)
      const object = nameOf(about, name)
      const rights = about.side === 'sink' ? 'select, insert, update, delete' : 'select'
      const isTable = kind === 'table' || kind === 'relation'
      const grant = isTable ? `grant ${rights} on ${object}` : `grant usage on ${kind} ${sqlName(name)}`
      return mend(about, `${grant} to ${sqlName(user(about))}`)
    },
  },
  {
    id: 'table-missing',
    restartMends: false,
    side: 'sink',
    pattern:
      /Could not find table: (\S+)|(?<!of )relation "([^"]+)" does not exist|Table '([^']+)' cannot be created/,
    cause: ([, one, two, three]) => `the warehouse has no table ${one ?? two ?? three}`,
    command: ([, one, two, three], about) => mend(about, createTable(about.sight, one ?? two ?? three ?? '')),
  },
  {
    id: 'column-missing',
    restartMends: false,
    side: 'sink',
    pattern:
      /Cannot ALTER table '([^']+)' because field '([^']+)' is not optional|column "([^"]+)" of relation "([^"]+)" does not exist|(?:Table '|Cannot alter table )([^'\s]+)'? (?:cannot be altered|because schema evolution is disabled)/,
    cause: (match, { sight }) => {
      const { table, column } = missingColumn(match)
      const [renamed] = renamedColumns(sight, table)
      if (renamed)
        return `the source calls a column of ${table} ${renamed.to} that the warehouse knows as ${renamed.from}`
      return `the table ${table} in the warehouse lacks ${column ? `the column ${column}` : 'a column'} that its records have`
    },
    // Whether a column is new or renamed, and which value its old rows have, the follower knows.
    command: (match, about) => {
      const { table } = missingColumn(match)
      const found = landingColumns(about.sight, table)
      const renamed = renamedColumns(about.sight, table)
      if (!found || renamed.length === 0) return inTurn('npx trib follow --once', restart(about))
      const sql = renamed.map(
        ({ from, to }) => `alter table ${found.name} rename column ${sqlName(from)} to ${sqlName(to)}`,
      )
      return mend(about, sql.join('; '))
    },
  },
  {
    id: 'long-value-missing',
    restartMends: false,
    side: 'sink',
    // No text of Postgres can hold the zero byte that ends our placeholder.
    pattern: /__debezium_unavailable_value|invalid byte sequence for encoding "UTF8": 0x00/,
    cause: (_match, about) =>
      `an update of ${writtenTable(about)?.label ?? 'a table'} left a long value untouched, and the source did not send it; the sink stopped before a placeholder was written over it`,
    command: (_match, about) => {
      const written = writtenTable(about)
      const place = placeOf(about.sight, 'source')
      if (!written || !place) return restart(about)
      const { name } = about.connector
      return inTurn(
        sqlCommand(place, `alter table ${written.source} replica identity full`),
        // The record cannot be written; what is skipped with it is read again.
        `npx trib patch offsets ${named(name, `--to-latest --topic ${shellWord(written.topic)} --yes`)}`,
        `npx trib verify --repair --yes --table ${shellWord(written.label)}`,
      )
    },
  },
  {
    id: 'not-null',
    restartMends: false,
    side: 'sink',
    pattern: /null value in column "([^"]+)" of relation "([^"]+)" violates not-null constraint/,
    cause: ([, column, table]) =>
      `the column ${column} of ${table} in the warehouse must not be null, and a record has no value for it`,
    command: ([, column = '', table = ''], about) =>
      mend(about, `alter table ${nameOf(about, table)} alter column ${sqlName(column)} drop not null`),
  },
  {
    id: 'type-mismatch',
    restartMends: false,
    side: 'sink',
    pattern: /column "([^"]+)" is of type ([a-z][a-z ]*?) but expression is of type ([a-z][a-z ]*[a-z])/,
    cause: ([, column, there, here]) =>
      `the column ${column} in the warehouse is ${there}, and its records are ${here}`,
    command: ([, column = '', , type = ''], about) => {
      const table = /INSERT INTO (?:"[^"]*"\.)?"([^"]+)"/.exec(traceOf(about.connector))?.[1]
      const found = table === undefined ? undefined : landingColumns(about.sight, table)
      const wanted = found?.columns.find(({ name }) => name === column)?.type ?? type
      const name = sqlName(column)
      return mend(
        about,
        table &&
          `alter table ${nameOf(about, table)} alter column ${name} type ${wanted} using ${name}::${wanted}`,
      )
    },
  },
  ...valueTraces,
  {
    id: 'unique-violation',
    restartMends: false,
    side: 'sink',
    pattern: /duplicate key value violates unique constraint "([^"]+)"/,
    cause: ([, name]) =>
      `the unique constraint ${name} of the warehouse does not hold while changes arrive table by table`,
    command: (_match, about) => {
      const place = placeOf(about.sight, 'sink')
      const name = _match[1] ?? ''
      return (
        place &&
        sqlCommand(
          place,
          `select conrelid::regclass, conname, pg_get_constraintdef(oid) from pg_constraint where conname = ${sqlText(name)}`,
        )
      )
    },
  },
  {
    id: 'starting-up',
    pattern: /the database system is (starting up|shutting down|in recovery mode)/,
    cause: ([, what], about) => `${databaseOf(about)} was ${what} when ${about.connector.name} needed it`,
    command: (_match, about) => restart(about),
  },
  {
    // Debezium's sink takes up again what breaks off, but not what the server ends with a word (57P01).
    id: 'session-ended',
    pattern: /terminating connection (?:due to|because of) ([^\n\]]+)/,
    cause: ([, why], about) =>
      `${databaseOf(about)} ended the session of ${about.connector.name} (${why?.trim()})`,
    command: (_match, about) => restart(about),
  },
  {
    id: 'connection-refused',
    pattern:
      /Connection to (\S+) refused|Connection refused|UnknownHostException:? ?(\S*)|The connection attempt failed|Connect(?:ion)? timed out|This connection has been closed/,
    cause: ([, address, host], about) =>
      `${databaseOf(about)}${address ? ` at ${address}` : ''} ${host ? `is at a host that the worker does not know (${host})` : 'does not answer the worker'}`,
    command: (_match, about) => (about.sight.cluster.kind === 'local' ? 'npx trib up' : restart(about)),
  },
  {
    id: 'sink-superseded',
    side: 'sink',
    pattern:
      /another session of the sink writes the landing tables|a (later task) of .+ has written the landing tables/,
    cause: ([, later], { connector }) =>
      later
        ? `a later task of ${connector.name} has written since: what this one had in its hands is older`
        : `another session of ${connector.name} was at work in the warehouse, and would not let it in beside it`,
    command: (_match, about) => restart(about),
  },
  {
    id: 'too-many-connections',
    pattern: /too many (?:clients|connections)|remaining connection slots are reserved/,
    cause: (_match, about) => `${databaseOf(about)} has no free connection`,
    command: (_match, about) => restart(about),
  },
  {
    id: 'record-too-large',
    restartMends: false,
    side: 'source',
    pattern:
      /(?:RecordTooLargeException: )?The message is (\d+) bytes when serialized which is larger than (?:the maximum request size you have configured|(\d+))|RecordTooLargeException/,
    cause: ([, size, limit]) =>
      `a record${size ? ` of ${size} bytes` : ''} is larger than its producer may send${limit ? ` (${limit})` : ''}`,
    command: ([, size], { connector }) => {
      const wanted = 2 ** Math.ceil(Math.log2(Number(size ?? 16 * 1024 * 1024) + 1))
      return `npx trib patch connector ${named(connector.name, `--set producer.override.max.request.size=${wanted}`)}`
    },
  },
  {
    id: 'unknown-topic',
    pattern:
      /UnknownTopicOrPartition|This server does not host this topic-partition|Topic (\S+) not present in metadata/,
    cause: ([, topic], { connector }) =>
      `a topic that ${connector.name} needs does not exist${topic ? `: ${topic}` : ''}`,
    command: (_match, about) =>
      about.sight.cluster.kind === 'local'
        ? inTurn('npx trib up', restart(about))
        : `npx trib get topics ${named(about.connector.name)}`,
  },
  {
    id: 'out-of-memory',
    pattern: /OutOfMemoryError:? ?([^\n]*)/,
    cause: ([, what], { connector }) =>
      `the worker ran out of memory while ${connector.name} ran${what ? ` (${what})` : ''}`,
    command: (_match, about) => restart(about, '--tasks all'),
  },
  {
    id: 'class-missing',
    restartMends: false,
    pattern:
      /Failed to find any class that implements (?:Connector|\S+) and which name matches ([\w.$]+)|ClassNotFoundException: ([\w.$]+)/,
    cause: ([, one, two]) => `no worker has the plugin ${one ?? two}`,
    command: () => 'npx trib get plugins',
  },
  {
    id: 'header-unreadable',
    restartMends: false,
    side: 'sink',
    pattern: /No schema defined for value of map field: "?(__debezium\.\w+)/,
    cause: ([, header]) =>
      `the sink's header.converter cannot read the header ${header}, which comes with a row whose key changed`,
    command: (_match, { connector }) =>
      `npx trib patch connector ${named(connector.name, '--set header.converter=org.apache.kafka.connect.converters.ByteArrayConverter --wait')}`,
  },
  {
    id: 'bad-record',
    restartMends: false,
    side: 'sink',
    pattern:
      /Converting byte\[\] to Kafka Connect data failed|Tolerance exceeded in error handler|DataException: (?!.*Failed to flush)([^\n]*)/,
    cause: ([, what]) => `a record cannot be read as the sink's converter expects${what ? `: ${what}` : ''}`,
    command: (_match, { connector }) => `npx trib skip ${named(connector.name)}`,
  },
  {
    id: 'signal-or-heartbeat-missing',
    restartMends: false,
    side: 'source',
    pattern: /relation "([^"]+)" does not exist/,
    cause: ([, table]) => `the source's database has no table ${table}`,
    command: (_match, about) =>
      about.sight.cluster.kind === 'local' ? bringUp(about.sight.cluster) : restart(about),
  },
]

/** `warehouse.public.Orders`, quoted or not, is known by its last part. */
const bare = (name: string) => name.replaceAll('"', '').split('.').at(-1) ?? name

function missingColumn([, a, b, column, table, only]: RegExpExecArray): {
  readonly table: string
  readonly column: string | undefined
} {
  return a !== undefined ? { table: bare(a), column: b } : { table: bare(table ?? only ?? ''), column }
}

/** The captured table whose record failed: the statement that failed names where it was to go. */
function writtenTable({ sight, connector }: About) {
  const target = /INSERT INTO (?:"[^"]*"\.)?"([^"]+)"/.exec(traceOf(connector))?.[1]
  const table = sight.landings.find(one => one.table.target?.table === target)?.table
  if (!table?.source) return undefined
  const { schema, table: name } = table.source
  return { label: `${schema}.${name}`, source: sqlName(schema, name), topic: table.topic }
}

/** A table as SQL names it: with its schema where the warehouse or the source was read. */
function nameOf({ sight, side }: About, name: string): string {
  const plain = name.replaceAll('"', '')
  const known = side === 'sink' ? landingColumns(sight, plain)?.name : undefined
  return known ?? sqlName(...plain.split('.'))
}
