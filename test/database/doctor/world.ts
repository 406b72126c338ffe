import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ConnectorConfig, JsonObject } from '../../../control/connect/connect-api.ts'
import { createConnectClient } from '../../../control/connect/connect-client.ts'
import type { Database } from '../../../control/database/connect.ts'
import { type Finding, fixText } from '../../../control/doctor/finding.ts'
import { type Diagnosis, type DoctorContext, runDoctor } from '../../../control/doctor/run-doctor.ts'
import type { Examined } from '../../../control/doctor/subjects/examined.ts'
import { type FakeConnect, startFakeConnect } from '../../support/fake-connect.ts'
import type { TestPostgres } from '../../support/postgres.ts'
import { type Databases, openTerminal, type Terminal } from '../../support/run-trib.ts'
import { eventually, root } from '../../support/trib.ts'

/** A source and a warehouse as they are shipped, on one server, with a fake Connect that runs their connectors. */
export interface DoctorWorld extends AsyncDisposable {
  readonly postgres: TestPostgres
  /** Databases of its own, as the server's owner. */
  source(): Promise<Database>
  warehouse(): Promise<Database>
  readonly fake: FakeConnect
  /** Configs by connector; a case may change them. */
  readonly configs: Record<'community-source' | 'warehouse-sink', Record<string, string>>
  isDeployed: boolean
  isDeep: boolean
  patienceSeconds: number
  readonly slot: string
  /** What ends with the case. */
  readonly open: AsyncDisposable[]
  store(offset: JsonObject): Promise<void>
  look(): Promise<Diagnosis>
  /** For a context: where source and warehouse are, as the server's owner or another user. */
  addresses(user?: string): Promise<Databases>
  /** Does what a person would do who pastes the fix. */
  paste(finding: Finding): Promise<void>
}

export const templates = { source: 'doctor_source', warehouse: 'doctor_warehouse' }

let number = 0

export async function openWorld(postgres: TestPostgres): Promise<DoctorWorld> {
  number += 1
  const names = { source: `source_${number}`, warehouse: `warehouse_${number}` }
  {
    await using admin = await postgres.open()
    await admin.query(`create database ${names.source} template ${templates.source} strategy file_copy`)
    await admin.query(`create database ${names.warehouse} template ${templates.warehouse} strategy file_copy`)
  }
  const slot = `case_${number}`
  const configs = shippedConfigs(names, slot)
  const fake = await startFakeConnect()
  const terminal = openTerminal({ connectUrl: fake.url })
  const connect = createConnectClient({ urls: [fake.url] })
  const open: AsyncDisposable[] = []
  const world: DoctorWorld = {
    ...{ postgres, fake, configs, slot, open, isDeployed: false, isDeep: false, patienceSeconds: 300 },
    source: () => postgres.open(names.source),
    warehouse: () => postgres.open(names.warehouse),
    store: async offset => {
      world.isDeployed = true
      await connect.create('community-source', configs['community-source'])
      fake.edit('community-source', connector => {
        connector.offsets.push({ partition: { server: 'community-db' }, offset })
      })
      await eventually('a running source', async () =>
        (await connect.status('community-source'))?.tasks[0]?.state === 'RUNNING' ? true : undefined,
      )
    },
    addresses: async (user = 'postgres') => {
      const url = (name: string) =>
        `postgres://${user}@${postgres.host}:${postgres.port}/${name}?sslmode=disable`
      return { sources: { 'community-db': url(names.source) }, warehouse: url(names.warehouse) }
    },
    look: () => {
      const all = Object.entries(configs).map(([name, config]) => examined(name, config, world.isDeployed))
      const { isDeep, patienceSeconds } = world
      const kinds = ['source', 'sink'] as const
      const context = contextOf(postgres, names)
      return runDoctor({ connectors: all, all, context, connect, kinds, isDeep, patienceSeconds })
    },
    paste: finding => paste(finding, { world, terminal }),
    async [Symbol.asyncDispose]() {
      for (const one of open.reverse()) await one[Symbol.asyncDispose]()
      terminal[Symbol.dispose]()
      await fake.close()
      await using admin = await postgres.open()
      await admin.query(
        'select pg_drop_replication_slot(slot_name) from pg_replication_slots where not active',
      )
    },
  }
  return world
}

function examined(name: string, config: ConnectorConfig, isDeployed: boolean): Examined {
  const type = name.endsWith('sink') ? 'sink' : 'source'
  const state = isDeployed ? 'RUNNING' : 'UNDEPLOYED'
  return { ...{ name, config, type, state, isDeployed }, workerId: '', trace: undefined, tasks: [] }
}

function contextOf(
  { host, port }: TestPostgres,
  names: { readonly source: string; readonly warehouse: string },
): DoctorContext {
  const address = { host, port, user: 'postgres' }
  return {
    ...{ name: 'test', kind: 'file', statusHint: 'npx trib status' },
    sources: async () => ['community-db'],
    source: async () => ({ ...address, database: names.source }),
    warehouse: async () => ({ ...address, database: names.warehouse }),
    kafka: async () => ({ brokers: [] }),
  }
}

/** The shipped files, but for the names of databases and slot; the sink reads this source only. */
function shippedConfigs(names: { readonly source: string; readonly warehouse: string }, slot: string) {
  const read = (name: string): Record<string, string> => {
    const { name: _name, ...config } = JSON.parse(
      readFileSync(join(root, 'connectors', 'moodle', `${name}.json`), 'utf8'),
    )
    return config
  }
  const source = read('community-source')
  const sink = read('warehouse-sink')
  const topics = (sink['topics'] ?? '').split(',').filter(topic => topic.startsWith('community-db.'))
  const url = (sink['connection.url'] ?? '').replace('/warehouse?', `/${names.warehouse}?`)
  return {
    'community-source': { ...source, 'database.dbname': names.source, 'slot.name': slot },
    'warehouse-sink': { ...sink, topics: topics.join(','), 'connection.url': url },
  }
}

interface PasteOptions {
  readonly world: DoctorWorld
  readonly terminal: Terminal
}

async function paste({ fix }: Finding, { world, terminal }: PasteOptions): Promise<void> {
  switch (fix.kind) {
    case 'sql': {
      {
        await using database = await (fix.database === 'warehouse' ? world.warehouse() : world.source())
        // One by one, as psql sends them: a setting of the server is refused inside a transaction.
        for (const statement of fixText(fix)?.split(';\n') ?? []) await database.query(statement)
      }
      if (fix.byHand?.includes('restart') !== true) return
      await world.postgres.stop()
      return world.postgres.start()
    }
    case 'config': {
      const config = world.configs[fix.connector as keyof DoctorWorld['configs']]
      for (const [key, value] of fix.settings) config[key] = value
      return
    }
    case 'command':
      for (const command of fix.command.split(' && ')) {
        const { code, stderr } = await terminal.run(command.replace('npx trib ', '').split(' '))
        if (code !== 0) throw new Error(`${command} ended with ${code}: ${stderr}`)
      }
      return
    case 'none':
      throw new Error(`nothing to paste: ${fix.reason}`)
  }
}
