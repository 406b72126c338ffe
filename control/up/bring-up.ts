import { join } from 'node:path'
import { createConnectClient } from '../connect/connect-client.ts'
import { ensureRolePassword, openDatabase } from '../database/connect.ts'
import { migrate, readSqlFiles } from '../database/migrate.ts'
import { maskValue } from '../declared/secrets.ts'
import type { ServiceStatus } from '../engines/engine.ts'
import { TribError } from '../errors/trib-error.ts'
import { createHistory } from '../history/history.ts'
import { bootstrapOf, brokersOf } from '../kafka/brokers.ts'
import { createTopics } from '../kafka/create-topics.ts'
import { openSinkProgress } from '../kafka/sink-progress.ts'
import { silentLog } from '../output/log.ts'
import type { Progress } from '../output/progress.ts'
import type { Scenario, ScenarioDatabase } from '../scenarios/scenario.ts'
import { databaseOf } from '../stack/database-address.ts'
import { findService, type Session } from '../stack/session.ts'
import { historyFolder } from '../stack/stack.ts'
import { createMilestones } from './milestones.ts'
import { registerConnectors } from './register-connectors.ts'
import { untilFlowing } from './until-flowing.ts'
import { untilHistoryLanded } from './until-history-landed.ts'

interface BringUpOptions {
  readonly session: Session
  readonly scenario: Scenario
  readonly progress: Progress
  readonly signal: AbortSignal
  /** The ground was checked and everything is there: from here on the stack is this engine's. */
  readonly onPrepared: () => void
}

export interface BringUpReport {
  /** What this run changed, in words; empty when everything was there. */
  readonly changes: readonly string[]
  /** What runs, and is not as it should be. */
  readonly warnings: readonly string[]
}

/**
 * Services start as the compose file allows; beside that, each step waits only for what it needs:
 * a database → its migrations; brokers → topics; these and Connect → connectors → history in the warehouse.
 */
export async function bringUp(options: BringUpOptions): Promise<BringUpReport> {
  const { session, progress, signal, onPrepared } = options
  const started: string[] = []
  try {
    progress.step('parts', 'working', 'checking what is there')
    await session.engine.prepare({
      signal,
      onProgress: (what, detail) => progress.step('parts', 'working', `${what}: ${detail}`),
    })
    progress.step('parts', 'done')
    onPrepared()
    return await runSteps(options, started)
  } catch (error) {
    if (!signal.aborted) throw await tellingWhatRuns(error, session, started)
    // ^C ends what this run started, and nothing else.
    await session.engine.stop({
      services: started,
      onChange: (service, detail) => progress.step(service, 'failed', detail),
    })
    throw signal.reason
  }
}

/** A failure ends nothing: what runs can be looked at, and the next `up` goes on with it. But it is said. */
async function tellingWhatRuns(
  error: unknown,
  { engine }: Session,
  started: readonly string[],
): Promise<unknown> {
  if (!(error instanceof TribError) || started.length === 0) return error
  const states = await engine.status().catch(() => [])
  const running = states.filter(({ service, state }) => started.includes(service) && state !== 'stopped')
  if (running.length === 0) return error
  const names = running.map(({ service }) => service).join(', ')
  const hint = [error.hint, `still running: ${names}; end them with: npm run down`].filter(Boolean).join('; ')
  return new TribError(error.code, error.message, { hint, cause: error, isRetriable: error.isRetriable })
}

async function runSteps(
  { session, scenario, progress, signal }: BringUpOptions,
  started: string[],
): Promise<BringUpReport> {
  const { engine, topology } = session
  const callOff = new AbortController()
  const groupSignal = AbortSignal.any([signal, callOff.signal])
  const healthy = createMilestones(topology.services.map(({ name }) => name))
  const changes: string[] = []
  const warnings: string[] = []
  const context: StepContext = { session, scenario, progress, signal: groupSignal, changes, warnings }

  const services = engine.start({
    signal: groupSignal,
    onStarted: service => {
      started.push(service)
      changes.push(`${service} started`)
    },
    onChange: status => {
      showService(progress, status)
      if (status.state === 'healthy') healthy.reach(status.service)
    },
  })
  const migrations = Promise.all(
    scenario.databases.map(database =>
      healthy.of(database.service).then(() => migrateDatabase(context, database)),
    ),
  )
  const topics = Promise.all(brokersOf(topology).map(({ name }) => healthy.of(name))).then(() =>
    makeTopics(context),
  )
  const connectors = Promise.all([healthy.of('connect'), migrations, topics]).then(() => register(context))
  const history = connectors.then(() => landHistory(context))

  // The first failure is the cause; calling off the rest makes others fail too.
  let first: { readonly error: unknown } | undefined
  await Promise.allSettled(
    [services, migrations, topics, connectors, history].map(step =>
      step.catch(error => {
        first ??= { error }
        callOff.abort(error)
        healthy.giveUp(error)
      }),
    ),
  )
  signal.throwIfAborted()
  if (first) throw first.error
  return { changes, warnings }
}

interface StepContext {
  readonly session: Session
  readonly scenario: Scenario
  readonly progress: Progress
  readonly signal: AbortSignal
  readonly changes: string[]
  readonly warnings: string[]
}

async function migrateDatabase(
  { session, scenario, progress, changes }: StepContext,
  database: ScenarioDatabase,
): Promise<void> {
  const step = `${database.service} tables`
  progress.step(step, 'working', 'applying migrations')
  const address = databaseOf(findService(session.topology, database.service))
  if (!address)
    throw new TribError(
      'COMPOSE_INVALID',
      `docker-compose.yml: ${database.service} lacks POSTGRES_USER, _PASSWORD or _DB`,
    )
  await using connection = await openDatabase({ ...address, applicationName: 'trib up' })
  const files = await readSqlFiles(join(session.stack.root, 'sql', scenario.name, database.service))
  const { applied } = await migrate({ database: connection, files, log: silentLog })
  for (const { role, passwordVariable } of database.logins) {
    await ensureRolePassword(connection, role, session.settings.get(passwordVariable) ?? '')
  }
  if (applied.length > 0) changes.push(`${database.service}: ${applied.length} migrations applied`)
  progress.step(step, 'done', applied.length > 0 ? `${applied.length} migrations applied` : 'up to date')
}

async function makeTopics({ session, scenario, progress, signal, changes }: StepContext): Promise<void> {
  progress.step('topics', 'working', 'creating what is missing')
  const touched = await createTopics(bootstrapOf(session.topology), scenario.topics, { signal })
  if (touched.length > 0) changes.push(`${touched.length} topics created`)
  progress.step('topics', 'done', touched.length > 0 ? `${touched.length} created` : 'up to date')
}

function openConnect({ session, signal }: StepContext) {
  const port = findService(session.topology, 'connect').ports[0]
  return createConnectClient(
    { urls: [`http://${port?.host}:${port?.port}`] },
    // On Docker a worker that ended is started again; `up` waits for that as it does for a rebalance.
    { signal, unreachableDeadlineMs: 60_000, stackHint: 'npx trib logs connect' },
  )
}

async function register(context: StepContext): Promise<void> {
  const { session, scenario, progress, signal, changes } = context
  progress.step('connectors', 'working', 'comparing')
  const connect = openConnect(context)
  const changed = await registerConnectors({
    connect,
    history: createHistory({ folder: historyFolder(session.stack), mask: maskValue }),
    root: session.stack.root,
    folder: join('connectors', scenario.name),
    names: scenario.connectors,
    signal,
    onProgress: detail => progress.step('connectors', 'working', detail),
  })
  if (changed.length > 0) changes.push(`connectors applied: ${changed.join(', ')}`)
  progress.step('connectors', 'working', 'waiting for a heartbeat to come through')
  const restarted = await untilFlowing({
    topology: session.topology,
    flows: scenario.flows,
    connect,
    connectors: scenario.connectors,
    signal,
  })
  if (restarted.length > 0) changes.push(`restarted after a failure: ${restarted.join(', ')}`)
  progress.step('connectors', 'done', changed.length > 0 ? `${changed.join(', ')} applied` : 'up to date')
}

async function landHistory(context: StepContext): Promise<void> {
  const { session, scenario, progress, signal, warnings } = context
  progress.step('history', 'working', 'waiting for rows')
  await using sinkProgress = openSinkProgress(async () => ({ brokers: [...bootstrapOf(session.topology)] }))
  const { rows, lost } = await untilHistoryLanded({
    topology: session.topology,
    flows: scenario.flows,
    connect: openConnect(context),
    progress: sinkProgress,
    signal,
    onProgress: detail => progress.step('history', 'working', detail),
  })
  for (const { table, rows: count } of lost) {
    const number = count.toLocaleString('en')
    warnings.push(
      `${number} rows of ${table} went through the sink and are not in the warehouse, as when it was restored from an older copy`,
    )
  }
  progress.step('history', 'done', `${rows.toLocaleString('en')} rows in the warehouse`)
}

function showService(progress: Progress, { service, state, detail }: ServiceStatus): void {
  if (state === 'healthy') progress.step(service, 'done')
  else progress.step(service, state === 'stopped' ? 'waiting' : 'working', detail)
}
