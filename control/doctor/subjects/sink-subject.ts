import type { Database } from '../../database/connect.ts'
import { searchPath } from '../../database/search-path.ts'
import type { TargetName } from '../../pipelines/pipeline.ts'
import { splitList } from '../../plan/effective-config.ts'
import { type Examined, literal } from './examined.ts'
import type { Column, TableFacts } from './table-facts.ts'

/** A captured table on its way to a sink. */
export interface Arrival {
  readonly topic: string
  readonly target: TargetName
  /** undefined: its source is not deployed here, or this machine does not reach it. */
  readonly source: ArrivingTable | undefined
}

export interface ArrivingTable {
  readonly connector: Examined
  readonly facts: TableFacts
  readonly columns: readonly Column[]
}

export interface LandingTable extends Arrival {
  /** `public.CommunityUsers`, or the name alone where no schema has it. */
  readonly name: string
  /** Where it is, or would be made. */
  readonly schema: string
  readonly facts: TableFacts | undefined
}

/** A JDBC sink of Debezium, and the Postgres that it writes to. */
export interface SinkSubject {
  readonly connector: Examined
  /** Every further connector that is known. */
  readonly others: readonly Examined[]
  readonly database: Database
  readonly databaseName: string
  /** undefined: only the worker knows. */
  readonly role: string | undefined
  /** One for each target table, however many topics end there. */
  readonly tables: readonly LandingTable[]
  /** The sink makes and widens tables itself. */
  readonly isEvolving: boolean
}

type OpenSinkOptions = Pick<SinkSubject, 'connector' | 'others' | 'database' | 'databaseName'> & {
  readonly arrivals: readonly Arrival[]
  /** Every table of the warehouse. */
  readonly catalogue: readonly TableFacts[]
}

export async function openSinkSubject(options: OpenSinkOptions): Promise<SinkSubject> {
  const { connector, others, database, databaseName, arrivals, catalogue: tables } = options
  const { config } = connector
  const role = literal(config['connection.username'] ?? config['connection.user'])
  const path =
    pathInUrl(config['connection.url'] ?? '') ??
    (role === undefined ? anywhere(tables) : await searchPath(database, role))
  const isQuoting = /^true$/i.test(config['quote.identifiers'] ?? 'false')
  const landing = new Map<string, LandingTable>()
  for (const arrival of arrivals) {
    const found = locate(arrival.target, { tables, path, isQuoting })
    if (!landing.has(found.name)) landing.set(found.name, { ...arrival, ...found })
  }
  return {
    ...{ connector, others, database, databaseName, role, tables: [...landing.values()] },
    isEvolving: (config['schema.evolution'] ?? 'none') !== 'none',
  }
}

interface LocateOptions {
  readonly tables: readonly TableFacts[]
  readonly path: readonly string[]
  readonly isQuoting: boolean
}

function locate(target: TargetName, { tables, path, isQuoting }: LocateOptions) {
  // What is not quoted, Postgres folds.
  const fold = (name: string) => (isQuoting ? name : name.toLowerCase())
  const table = fold(target.table)
  const schemas = target.schema === undefined ? path : [fold(target.schema)]
  for (const schema of schemas) {
    const facts = tables.find(one => one.schema === schema && one.table === table)
    if (facts) return { name: `${schema}.${table}`, schema, facts }
  }
  const schema = schemas[0] ?? 'public'
  return { name: `${schema}.${table}`, schema, facts: undefined }
}

function pathInUrl(url: string): readonly string[] | undefined {
  const [, schemas] = /[?&]currentSchema=([^&]*)/.exec(url) ?? []
  return schemas === undefined ? undefined : splitList(decodeURIComponent(schemas))
}

/** Of a role that is not known, nobody knows where it looks: a table of that name anywhere will do. */
function anywhere(tables: readonly TableFacts[]): readonly string[] {
  return [...new Set(['public', ...tables.map(({ schema }) => schema)])]
}
