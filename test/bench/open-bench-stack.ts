import type { ConnectClient } from '../../control/connect/connect-api.ts'
import { createConnectClient } from '../../control/connect/connect-client.ts'
import type { Database } from '../../control/database/connect.ts'
import { moodle } from '../../control/scenarios/moodle.ts'
import { pidsOf } from '../faults/processes.ts'
import { openAs } from '../faults/tables.ts'
import { createTestStack, eventually } from '../support/trib.ts'

/** A stack of the bench's own, with nothing on it but what an arm brings. */
export interface BenchStack extends AsyncDisposable {
  readonly source: Database
  readonly warehouse: Database
  readonly connect: ConnectClient
  readonly brokers: readonly string[]
  /** Ends what waits: the stack is taken down all the same. */
  readonly signal: AbortSignal
  /** Pids of what an arm may use, by the names that tables of results have. */
  readonly processes: Readonly<Record<string, readonly number[]>>
  /** A further session, for a writer. */
  openSource(): Promise<Database>
  /** As Postgres itself dials the source from the warehouse. */
  sourceConninfo(): Promise<string>
}

interface Status {
  readonly service: string
  readonly port: number
}

export async function openBenchStack(
  settings: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<BenchStack> {
  const stack = createTestStack({ GENERATOR_HISTORY: '100', GENERATOR_RATE: '0', ...settings })
  try {
    const up = await stack.trib(['up', '--engine', 'native'])
    if (up.code !== 0) throw new Error(up.stderr)
    const statuses = await stack.json<Status[]>(['status'])
    const portOf = (service: string) => statuses.find(one => one.service === service)?.port ?? 0
    const pids = pidsOf(stack.folder)
    for (const name of ['community-generator', 'sites-generator', 'console'])
      if (pids[name] !== undefined) process.kill(pids[name], 'SIGTERM')
    const connect = createConnectClient({ urls: [`http://127.0.0.1:${portOf('connect')}`] })
    for (const name of moodle.connectors) await connect.delete(name)
    for (const service of ['community-db', 'sites-db'])
      await dropSlots(await openAs(stack, service, 'postgres'))
    const source = await openAs(stack, 'community-db', 'postgres')
    // Otherwise a copy begins where another read ended, and nobody can tell by a row that it is over.
    await source.query('alter system set synchronize_seqscans = off')
    await source.query('select pg_reload_conf()')
    const warehouse = await openAs(stack, 'warehouse', 'postgres')
    const only = (...names: readonly string[]) => names.flatMap(name => pids[name] ?? [])
    return {
      ...{ source, warehouse, connect, signal },
      brokers: ['kafka-1', 'kafka-2', 'kafka-3'].map(name => `127.0.0.1:${portOf(name)}`),
      processes: {
        connect: only('connect'),
        brokers: only('kafka-1', 'kafka-2', 'kafka-3'),
        source: only('community-db'),
        warehouse: only('warehouse'),
      },
      openSource: () => openAs(stack, 'community-db', 'postgres'),
      sourceConninfo: async () => {
        const logins = await stack.json<{ user: string; url: string }[]>(['credentials', 'community-db'])
        return logins.find(({ user }) => user === 'postgres')?.url ?? ''
      },
      async [Symbol.asyncDispose]() {
        await source[Symbol.asyncDispose]()
        await warehouse[Symbol.asyncDispose]()
        await stack[Symbol.asyncDispose]()
      },
    }
  } catch (error) {
    await stack[Symbol.asyncDispose]()
    throw error
  }
}

/** What a deleted connector leaves in the source would keep its WAL for good. */
async function dropSlots(database: Database): Promise<void> {
  await using opened = database
  await eventually('the slots to be dropped', async () => {
    await opened.query(
      'select pg_drop_replication_slot(slot_name) from pg_replication_slots where not active',
    )
    const { rows } = await opened.query('select from pg_replication_slots')
    return rows.length === 0 ? true : undefined
  })
}
