import type { Database } from '../../database/connect.ts'
import type { SinkCheck } from '../check.ts'
import { type Examined, setKey } from '../subjects/examined.ts'
import { applicationOf, asks, takesTurns } from './sink-name.ts'

const reference = '${directory:/proc/sys/kernel/random:uuid}'
const risk = 'one that hung, and comes back late, may write older rows over newer ones'

/** The warehouse turns a task away that comes back after a later one, where it can tell the two. */
export const sinkTaskChecks: readonly SinkCheck[] = [
  {
    id: 'sink-task',
    title: 'the warehouse can tell each task of a sink from the one before it',
    appliesTo: 'sink',
    run: async ({ connector, database }) => {
      if (!takesTurns(connector)) return []
      const known = await tasksIn(database, connector)
      const finding = { object: connector.name, severity: 'warning' } as const
      if (!(connector.config[asks] ?? '').includes('${directory:')) {
        const message = `${asks} does not say which task asks: ${risk}`
        const fix = known
          ? setKey(connector, asks, `select tributary.one_sink('${reference}')`)
          : ({
              kind: 'none',
              reason: 'run sql/moodle/warehouse/11-one-sink.sql in the warehouse first',
            } as const)
        return [{ ...finding, message, fix }]
      }
      if (!connector.isDeployed || !known || known.some) return []
      return [
        {
          ...finding,
          message: `no worker put a value in for ${reference} in ${asks}: ${risk}`,
          fix: {
            kind: 'none',
            reason:
              'on Linux, give every worker config.providers=env,directory with config.providers.directory.param.allowed.paths=/proc/sys/kernel/random, and restart the tasks',
          },
        },
      ]
    },
  },
]

/** undefined: this warehouse keeps none, or does not show them to us. */
async function tasksIn(
  database: Database,
  connector: Examined,
): Promise<{ readonly some: boolean } | undefined> {
  // By the catalogue: whoever may not use the schema is refused already where a name in it is looked up.
  const { rows } = await database.query<{ readable: boolean }>(
    `select has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select') as readable
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'tributary' and c.relname = 'sink_tasks'`,
  )
  if (!rows[0]?.readable) return undefined
  const found = await database.query('select from tributary.sink_tasks where sink = $1 limit 1', [
    applicationOf(connector) ?? 'PostgreSQL JDBC Driver',
  ])
  return { some: found.rows.length > 0 }
}
