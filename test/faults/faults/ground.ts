import type { Database } from '../../../control/database/connect.ts'
import { endProcess } from '../../../control/system/end-process.ts'
import { eventually, type TestStack } from '../../support/trib.ts'
import { type Pipeline, untilSeen } from '../ask-health.ts'
import type { Status } from '../observed.ts'
import { hasRecord, isAlive, killAll, recordOf, withChildren } from '../processes.ts'
import { flows, insertEverywhere, landedWith, openAs } from '../tables.ts'

/** What faults are made of, on one running stack. */
export interface Ground {
  readonly stack: TestStack
  /** `kill -9`, all at once, and no word to anybody. */
  kill(...services: readonly string[]): Promise<void>
  /** As the engine ends them: SIGTERM, a fast shutdown of Postgres, and force after the time it gives them. */
  end(...services: readonly string[]): Promise<void>
  /** SIGSTOP, until the work is done. */
  suspended(service: string, work: () => Promise<void>): Promise<void>
  /** SQL as the owner of the database. */
  sql(service: string, text: string): Promise<void>
  open(service: string): Promise<Database>
  seen(pipeline: string, rule: string): Promise<Pipeline | undefined>
  /** Committed in each source. */
  commitRow(): Promise<CommittedRow>
  /** A row that is committed now lands in the warehouse. */
  rowsLand(deadlineMs?: number): Promise<void>
  /** A row that is committed now does not land for a while: nothing is taken that could be lost. */
  nothingLands(): Promise<void>
  /** How long a fault lasts is part of it. */
  passing(ms: number): Promise<void>
  /** The service on which the first task of a connector runs. */
  workerOf(connector: string): Promise<string>
}

export interface CommittedRow {
  /** In the warehouse, from each source. */
  hasLanded(): Promise<boolean>
}

interface ConnectorStatus {
  readonly tasks: readonly { readonly worker_id: string; readonly state: string }[]
}

export const workers = ['connect', 'connect-2'] as const

const standstillMs = 15_000

const passing = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms))

export async function openGround(stack: TestStack): Promise<Ground> {
  const status = await stack.json<Status[]>(['status'])
  const portOf = (service: string) => status.find(one => one.service === service)?.port
  /** None is kept of a service that `up` was not told to start again. */
  const recordsOf = (services: readonly string[]) =>
    services
      .filter(service => hasRecord(stack.folder, service))
      .map(service => recordOf(stack.folder, service))
  const pidsOf = (services: readonly string[]) =>
    recordsOf(services)
      .map(({ pid }) => pid)
      .filter(isAlive)
  const commitRow = async () => {
    const email = await insertEverywhere(stack)
    return { hasLanded: async () => (await landedWith(stack, email)).length === flows.length }
  }
  return {
    stack,
    kill: (...services) => killAll(withChildren(pidsOf(services))),
    async end(...services) {
      await Promise.all(
        recordsOf(services).map(record =>
          endProcess(record, { signal: record.stopSignal, graceMs: record.stopGraceMs }),
        ),
      )
    },
    async suspended(service, work) {
      const pids = withChildren(pidsOf([service]))
      for (const pid of pids) process.kill(pid, 'SIGSTOP')
      await work().finally(() => {
        for (const pid of pids) if (isAlive(pid)) process.kill(pid, 'SIGCONT')
      })
    },
    async sql(service, text) {
      await using database = await openAs(stack, service, 'postgres')
      await database.query(text)
    },
    open: service => openAs(stack, service, 'postgres'),
    seen: (pipeline, rule) => untilSeen(stack, pipeline, rule),
    commitRow,
    async rowsLand(deadlineMs = 30_000) {
      const row = await commitRow()
      await eventually(
        'a row of each source to land',
        async () => ((await row.hasLanded()) ? true : undefined),
        { deadlineMs, intervalMs: 200 },
      )
    },
    async nothingLands() {
      const row = await commitRow()
      await passing(standstillMs)
      if (await row.hasLanded()) throw new Error('rows landed all the same')
    },
    passing,
    async workerOf(connector) {
      return eventually(
        `a running task of ${connector}`,
        async () => {
          for (const service of workers) {
            const url = `http://127.0.0.1:${portOf(service)}/connectors/${connector}/status`
            const answer = await fetch(url)
              .then(response => response.json() as Promise<ConnectorStatus>)
              // A worker that starts or ends answers with a page.
              .catch(() => undefined)
            const [task] = answer?.tasks ?? []
            const port = Number(task?.worker_id.split(':').at(-1))
            const found = workers.find(one => portOf(one) === port)
            if (task?.state === 'RUNNING' && found) return found
          }
          return undefined
        },
        { deadlineMs: 60_000, intervalMs: 200 },
      )
    },
  }
}

/** Where more than one fault is met at a time, nobody can say what must be seen meanwhile. */
export const withoutExpectations = (ground: Ground): Ground => ({
  ...ground,
  seen: async () => undefined,
  rowsLand: async () => {},
  nothingLands: async () => {},
})
