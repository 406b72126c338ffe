import type { ConnectClient } from '../../../control/connect/connect-api.ts'
import type { Inventory } from '../../../control/console/inventory/inventory.ts'
import { runConsole } from '../../../control/console/run-console.ts'
import { type Assets, noAssets } from '../../../control/console/server/assets.ts'
import type { Database } from '../../../control/database/connect.ts'
import { TribError } from '../../../control/errors/trib-error.ts'
import type { Snapshot } from '../../../control/health/snapshot.ts'
import { silentLog } from '../../../control/output/log.ts'
import { moodle } from '../../../control/scenarios/moodle.ts'
import { systemClock } from '../../../control/system/clock.ts'
import type { VerifyReport } from '../../../control/verify/verify-report.ts'

/** What the console would see and do, as a test wants it; changed while it runs. */
export interface FakeWorld {
  snapshot: () => Snapshot
  /** By view; a text is what the warehouse says instead. */
  answers: Record<string, readonly Readonly<Record<string, string>>[] | string>
  verify: () => Promise<VerifyReport>
  inventory: Partial<Pick<Inventory, 'slots' | 'backfills' | 'letters'>>
  status: readonly object[]
  readonly steered: string[]
  steering: Partial<Pick<ConnectClient, 'restart' | 'pause' | 'resume'>>
}

export interface FakeConsole extends AsyncDisposable {
  readonly url: string
  readonly port: number
  readonly world: FakeWorld
}

export interface FakeOptions {
  readonly assets?: Assets
  readonly port?: number
  readonly isReadOnly?: boolean
  readonly secrets?: readonly string[]
}

export const testToken = 'a-token-of-the-test'

/** The console itself, in this process, around a world that is made up. */
export async function startFakeConsole(
  given: Partial<FakeWorld> & Pick<FakeWorld, 'snapshot'>,
  { assets = noAssets, port = 0, isReadOnly = false, secrets = [] }: FakeOptions = {},
): Promise<FakeConsole> {
  const world: FakeWorld = {
    answers: {},
    verify: async () => emptyReport,
    steered: [],
    steering: {},
    inventory: {},
    status: [],
    ...given,
  }
  const ending = new AbortController()
  const ended = new TribError('INTERRUPTED', 'the test is over')
  let running: Promise<unknown> = Promise.resolve()
  const listening = await new Promise<number>((resolve, reject) => {
    running = runConsole({
      ...{ port, isReadOnly, assets, token: testToken, contextName: 'local', charts: moodle.charts },
      ...{ bindAddress: '127.0.0.1', ownName: 'console', jobs: () => [], clock: systemClock, log: silentLog },
      look: async () => world.snapshot(),
      probe: async () => [{ name: 'kafka-1', address: '127.0.0.1:1', isUp: true }],
      inventory: {
        slots: async () => ({ items: world.inventory.slots ?? [], problems: [] }),
        backfills: async () => ({ items: world.inventory.backfills ?? [], problems: [] }),
        letters: async () => ({ items: world.inventory.letters ?? [], problems: [] }),
      },
      ask: { status: async () => world.status, doctor: async () => [] },
      openWarehouse: async () => fakeWarehouse(world),
      steer: fakeSteering(world),
      verify: () => world.verify(),
      toPaste: text => text,
      mask: text => secrets.reduce((masked, secret) => masked.replaceAll(secret, '***'), text),
      signal: ending.signal,
      onListening: resolve,
    }).catch(error => {
      reject(error)
      if (error !== ended) throw error
    })
  })
  return {
    port: listening,
    url: `http://127.0.0.1:${listening}`,
    world,
    async [Symbol.asyncDispose]() {
      ending.abort(ended)
      await running
    },
  }
}

const emptyReport: VerifyReport = { equal: true, sampled: false, seconds: 0.1, explanations: [], tables: [] }

function fakeWarehouse({ answers }: FakeWorld): Database {
  return {
    where: 'a warehouse that is made up',
    async query(text) {
      const [, view = ''] = /from (\S+)/.exec(text) ?? []
      const rows = answers[view] ?? []
      if (typeof rows === 'string') throw new TribError('DATABASE_FAILED', rows)
      return { rows } as never
    },
    async [Symbol.asyncDispose]() {},
  }
}

function fakeSteering({ snapshot, steered, steering }: FakeWorld) {
  const live = () => {
    const { connectors } = snapshot()
    return connectors.kind === 'read' ? connectors.value : []
  }
  return {
    status: async (name: string) => live().find(one => one.name === name),
    pause: async (name: string) => {
      steered.push(`pause ${name}`)
      await steering.pause?.(name)
    },
    resume: async (name: string) => {
      steered.push(`resume ${name}`)
      await steering.resume?.(name)
    },
    restart: async (
      name: string,
      options: { readonly includeTasks: boolean; readonly onlyFailed: boolean },
    ) => {
      steered.push(`restart ${name} ${options.onlyFailed ? 'failed' : 'all'}`)
      await steering.restart?.(name, options)
    },
  }
}
