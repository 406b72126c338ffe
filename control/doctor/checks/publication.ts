import { escapeIdentifier } from 'pg'
import type { SourceCheck } from '../check.ts'
import type { Fix, Observation } from '../finding.ts'
import { setKey } from '../subjects/examined.ts'
import { capturedOf, findTable, objectOf, qualified, type SourceSubject } from '../subjects/source-subject.ts'
import type { TableFacts } from '../subjects/table-facts.ts'
import { heartbeatTable } from './heartbeat.ts'

interface Publication {
  readonly isForAll: boolean
  readonly isViaRoot: boolean
  /** Operations that it leaves out. */
  readonly omitted: readonly string[]
  /** `schema.table`, as the stream names them. */
  readonly members: ReadonlySet<string>
}

const nameOf = ({ schema, table }: { readonly schema: string; readonly table: string }) =>
  `${schema}.${table}`

export async function readPublication({
  database,
  publication,
}: Pick<SourceSubject, 'database' | 'publication'>): Promise<Publication | undefined> {
  const { rows } = await database.query<Omit<Publication, 'members'> & { members: string[] }>(
    `select puballtables as "isForAll", pubviaroot as "isViaRoot",
       array_remove(array[case when not pubinsert then 'insert' end, case when not pubupdate then 'update' end,
         case when not pubdelete then 'delete' end], null) as omitted,
       coalesce((select array_agg(format('%s.%s', t.schemaname, t.tablename))
         from pg_publication_tables t where t.pubname = p.pubname), '{}') as members
     from pg_publication p where pubname = $1`,
    [publication],
  )
  return rows[0] && { ...rows[0], members: new Set(rows[0].members) }
}

/** Whether changes of a table are in the stream, under whatever name. */
export function isPublished(
  table: TableFacts,
  { members }: Publication,
  tables: readonly TableFacts[],
): boolean {
  const root = tables.find(({ oid }) => oid === table.rootOid)
  const leaves = tables.filter(({ rootOid }) => rootOid === table.oid)
  return [table, ...(root ? [root] : []), ...leaves].some(one => members.has(nameOf(one)))
}

const isPgoutput = ({ plugin }: SourceSubject) => plugin === 'pgoutput'

const autocreateOf = ({ connector }: SourceSubject) =>
  connector.config['publication.autocreate.mode'] ?? 'all_tables'

/** What the change stream of a source carries. */
export const publicationChecks: readonly SourceCheck[] = [
  {
    id: 'decoding-plugin',
    title: 'the source decodes with pgoutput, which is in every Postgres (plugin.name)',
    appliesTo: 'source',
    run: async subject => {
      if (isPgoutput(subject)) return []
      const { connector, plugin } = subject
      const said = connector.config['plugin.name'] === undefined ? `, Debezium's default,` : ''
      return [
        {
          object: connector.name,
          severity: 'warning',
          message: `plugin.name is ${plugin}${said} which must be installed on the server; its publication is not used`,
          fix: setKey(connector, 'plugin.name', 'pgoutput'),
        },
      ]
    },
  },
  {
    id: 'publication-exists',
    title: 'the publication of the source is there, where Debezium may not make it',
    appliesTo: 'source',
    run: async subject => {
      if (!isPgoutput(subject) || autocreateOf(subject) !== 'disabled') return []
      if (await readPublication(subject)) return []
      const { connector, publication, databaseName } = subject
      return [
        {
          object: connector.name,
          severity: 'error',
          message: `there is no publication '${publication}' in ${databaseName}, and publication.autocreate.mode is disabled`,
          fix: createPublication(subject),
        },
      ]
    },
  },
  {
    id: 'publication-autocreate',
    title:
      "Debezium does not make the publication: its default, all tables, breaks the application's updates",
    appliesTo: 'source',
    run: async subject => {
      if (!isPgoutput(subject) || autocreateOf(subject) !== 'all_tables') return []
      const { connector, publication } = subject
      const isThere = (await readPublication(subject)) !== undefined
      const keyless = subject.tables.filter(table => !isUpdatable(table))
      const names = keyless.map(nameOf).slice(0, 3).join(', ')
      if (isThere || keyless.length === 0) {
        return [
          {
            object: connector.name,
            severity: 'warning',
            message: `publication.autocreate.mode is all_tables: where '${publication}' is missing, Debezium publishes every table of the database`,
            fix: isThere
              ? setKey(connector, 'publication.autocreate.mode', 'disabled')
              : createPublication(subject),
          },
        ]
      }
      return [
        {
          object: connector.name,
          severity: 'error',
          message: `Debezium would publish all tables, and then UPDATE and DELETE fail in the application for those without a key: ${names}`,
          fix: createPublication(subject),
        },
      ]
    },
  },
  {
    id: 'publication-tables',
    title:
      'the publication carries every operation of exactly the captured tables; partitioned ones by their root',
    appliesTo: 'source',
    run: async subject => {
      const publication = isPgoutput(subject) ? await readPublication(subject) : undefined
      if (!publication) return []
      return [
        ...omittedOperations(subject, publication),
        ...missingTables(subject, publication),
        ...wrongRoots(subject, publication),
        ...strangers(subject, publication),
      ]
    },
  },
]

/** An UPDATE of a published table needs something that tells the row. */
const isUpdatable = ({ identity, key, isPartitioned }: TableFacts) =>
  isPartitioned || identity === 'f' || identity === 'i' || (identity === 'd' && key.length > 0)

function createPublication(subject: SourceSubject): Fix {
  const { connector, databaseName, publication, tables } = subject
  const own = [heartbeatTable(connector.config), connector.config['signal.data.collection']]
  const wanted = [
    ...subject.captured.filter(({ rootOid }) => !subject.captured.some(({ oid }) => oid === rootOid)),
    ...own.flatMap(name => (name === undefined ? [] : (findTable(tables, name) ?? []))),
  ]
  const names = [...new Set(wanted.map(qualified))].join(', ')
  const viaRoot = wanted.some(({ isPartitioned }) => isPartitioned)
    ? ' with (publish_via_partition_root = true)'
    : ''
  const statement = `create publication ${escapeIdentifier(publication)}${names === '' ? '' : ` for table ${names}`}${viaRoot}`
  return { kind: 'sql', database: databaseName, statements: [statement] }
}

const alter = ({ databaseName, publication }: SourceSubject, what: string): Fix => ({
  kind: 'sql',
  database: databaseName,
  statements: [`alter publication ${escapeIdentifier(publication)} ${what}`],
})

export const addToPublication = (subject: SourceSubject, table: TableFacts): Fix =>
  alter(subject, `add table ${qualified(table)}`)

function omittedOperations(subject: SourceSubject, { omitted }: Publication): readonly Observation[] {
  if (omitted.length === 0) return []
  return [
    {
      object: subject.connector.name,
      severity: 'error',
      message: `the publication '${subject.publication}' leaves out every ${omitted.join(' and ')}`,
      fix: alter(subject, `set (publish = 'insert, update, delete, truncate')`),
    },
  ]
}

function missingTables(subject: SourceSubject, publication: Publication): readonly Observation[] {
  return subject.captured
    .filter(table => !isPublished(table, publication, subject.tables))
    .map(table => ({
      object: objectOf(subject, table),
      severity: 'error',
      message: `the publication '${subject.publication}' does not have ${nameOf(table)}: its changes never come, and those until it is mended only by npx trib verify --repair`,
      fix: addToPublication(subject, table),
    }))
}

/** A change comes under the name of the root or of the partition, and only one of them is captured. */
function wrongRoots(subject: SourceSubject, { isViaRoot, members }: Publication): readonly Observation[] {
  const { captured, tables, publication } = subject
  const isCaptured = (oid: string | null) => captured.some(table => table.oid === oid)
  const roots = captured.filter(
    ({ isPartitioned, rootOid, oid }) =>
      isPartitioned &&
      rootOid === null &&
      !isViaRoot &&
      tables.some(leaf => leaf.rootOid === oid && members.has(nameOf(leaf)) && !isCaptured(leaf.oid)),
  )
  const leaves = captured.filter(({ rootOid }) => rootOid !== null && isViaRoot && !isCaptured(rootOid))
  return [
    ...roots.map(
      (table): Observation => ({
        object: objectOf(subject, table),
        severity: 'error',
        message: `'${publication}' sends the rows of ${nameOf(table)} under the names of its partitions, which are not captured`,
        fix: alter(subject, 'set (publish_via_partition_root = true)'),
      }),
    ),
    ...leaves.map((table): Observation => {
      const root = tables.find(({ oid }) => oid === table.rootOid)
      return {
        object: objectOf(subject, table),
        severity: 'error',
        message: `'${publication}' sends the rows of ${nameOf(table)} under the name of ${root ? nameOf(root) : 'its root'}, which is not captured`,
        fix: alter(subject, 'set (publish_via_partition_root = false)'),
      }
    }),
  ]
}

/** Decoded, sent, and thrown away; and their application's updates may fail. */
function strangers(subject: SourceSubject, { members, isForAll }: Publication): readonly Observation[] {
  const { all, connector, publication, tables } = subject
  // A publication that several connectors read has the tables of all of them.
  const readers = all.filter(
    ({ config }) =>
      config['publication.name'] === connector.config['publication.name'] &&
      config['database.dbname'] === connector.config['database.dbname'] &&
      config['database.hostname'] === connector.config['database.hostname'],
  )
  const wanted = new Set(
    readers.flatMap(({ config }) => [
      ...capturedOf(config, tables),
      ...[heartbeatTable(config), config['signal.data.collection']].flatMap(name =>
        name === undefined ? [] : (findTable(tables, name) ?? []),
      ),
    ]),
  )
  const others = tables.filter(
    table =>
      members.has(nameOf(table)) &&
      !wanted.has(table) &&
      ![...wanted].some(one => one.rootOid === table.oid || one.oid === table.rootOid),
  )
  if (isForAll && others.length > 0) {
    return [
      {
        object: connector.name,
        severity: 'warning',
        message: `the publication '${publication}' is for all tables, ${others.length} of which nobody captures: ${others.slice(0, 3).map(nameOf).join(', ')}`,
        fix: {
          kind: 'none',
          reason: 'make another one for the captured tables, and name it in publication.name',
        },
      },
    ]
  }
  return others.map(table => ({
    object: objectOf(subject, table),
    severity: 'warning',
    message: `the publication '${publication}' has ${nameOf(table)}, which ${connector.name} does not capture`,
    fix: alter(subject, `drop table ${qualified(table)}`),
  }))
}
