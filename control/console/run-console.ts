import type { ConnectClient } from '../connect/connect-api.ts'
import type { Database } from '../database/connect.ts'
import type { Snapshot } from '../health/snapshot.ts'
import type { Log } from '../output/log.ts'
import type { Chart } from '../scenarios/scenario.ts'
import type { Clock } from '../system/clock.ts'
import { version } from '../version.ts'
import { createActivity, type Note } from './activity.ts'
import { createAnswers } from './answers/answers.ts'
import { readAnswer } from './answers/read-answer.ts'
import { toBoard } from './board.ts'
import { formatMetrics } from './format-metrics.ts'
import { createKeyedChanges } from './keyed-changes.ts'
import type { BoardChange, ChartPlan, ConnectorCard, Hello, PipelineCard } from './messages.ts'
import { noticeChanges } from './notice-changes.ts'
import { createJobs, type Job } from './run-jobs.ts'
import type { Assets } from './server/assets.ts'
import { createEventStream, type ServerEvent } from './server/event-stream.ts'
import { createRoutes } from './server/routes.ts'
import { serve } from './server/serve.ts'
import { createSteering } from './steer/steering.ts'
import { createVerifier, type VerifierOptions } from './steer/verifier.ts'
import type { BrokerState, Observation } from './watch/observation.ts'
import { createObserver } from './watch/observer.ts'

export interface ConsoleParts {
  readonly port: number
  readonly bindAddress: string
  readonly ownName: string | undefined
  readonly token: string
  readonly isReadOnly: boolean
  readonly contextName: string
  readonly charts: readonly Chart[]
  readonly assets: Assets
  readonly look: () => Promise<Snapshot>
  readonly probe: () => Promise<readonly BrokerState[]>
  readonly openWarehouse: () => Promise<Database>
  readonly steer: Pick<ConnectClient, 'restart' | 'pause' | 'resume' | 'status'>
  readonly verify: VerifierOptions['verify']
  /** Begun with the console, ended with it. */
  readonly jobs: readonly Job[]
  readonly toPaste: (text: string) => string
  readonly mask: (text: string) => string
  readonly clock: Clock
  readonly log: Log
  readonly signal: AbortSignal
  /** Where it listens, as soon as it does. */
  readonly onListening?: (port: number) => void
}

/** Longest without a look before `/healthz` says so: every part of one has a deadline of 5 s. */
const stuckAfterMs = 60_000

/** One loop that looks, and everything that lives from it; until the signal aborts, which rejects with its reason. */
export async function runConsole(parts: ConsoleParts): Promise<never> {
  const { clock, signal, mask, log } = parts
  const startedAt = clock.now()
  let observation: Observation | undefined
  const board = createBoardTeller()
  const toText = (data: unknown) => mask(JSON.stringify(data))
  using stream = createEventStream(() => whole())
  const activity = createActivity({
    now: () => clock.now(),
    onEntry: entry => {
      stream.publish('activity', toText([entry]))
      log.info(mask(`${entry.subject} ${entry.text}`))
    },
  })
  const note = (one: Note) => activity.note({ ...one, command: one.command && parts.toPaste(one.command) })
  const noting = { activity: { note }, clock, signal }
  const verifier = createVerifier({
    ...{ ...noting, verify: parts.verify },
    onChange: state => stream.publish('verify', toText(state)),
  })
  const answers = createAnswers({
    ...{ charts: parts.charts, openWarehouse: parts.openWarehouse, clock },
    onChange: change => stream.publish('answer', toText(change)),
  })
  await using jobs = createJobs(parts.jobs, {
    ...noting,
    onChange: () => stream.publish('jobs', toText(jobs.states())),
  })
  const observer = createObserver({
    ...{ look: parts.look, probe: parts.probe, clock, signal },
    isWatched: () => stream.watchers > 0,
    onObservation: now => {
      for (const news of noticeChanges(observation, now)) note(news)
      observation = now
      stream.publish('board', toText(board.changes(now)))
      // Nobody waits for the charts: a warehouse that takes long to answer must not hold up the looks.
      if (stream.watchers > 0) answers.consider(now)
    },
  })
  const steering = createSteering({ connect: parts.steer, activity: { note }, onDone: observer.hurry })

  await using served = await serve({
    ...parts,
    handle: createRoutes({
      ...{ assets: parts.assets, charts: parts.charts, stream, steering, verifier, mask },
      observation: () => observation,
      readAnswer: async chart => {
        await using database = await parts.openWarehouse()
        return await readAnswer(database, chart)
      },
      activity: () => activity.entries(),
      jobs: () => jobs.states(),
      metrics: () => formatMetrics({ ...metricsInput(), watchers: stream.watchers, nowMs: clock.now() }),
      isWell: () => clock.now() - (observation?.snapshot.atMs ?? startedAt) < stuckAfterMs,
      hurry: observer.hurry,
    }),
  })
  parts.onListening?.(served.port)
  log.info('console listens', { url: `http://127.0.0.1:${served.port}`, readOnly: parts.isReadOnly })
  for (const { name } of parts.jobs) jobs.start(name)
  return await observer.run()

  function whole(): readonly ServerEvent[] {
    const events: readonly (readonly [string, unknown])[] = [
      ['hello', hello(parts)],
      ...(observation ? [['board', board.whole(observation)] as const] : []),
      ...answers.whole().map(change => ['answer', change] as const),
      ...[['verify', verifier.state()] as const, ['jobs', jobs.states()] as const],
      ['activity', activity.entries()],
    ]
    return events.map(([event, data]) => ({ event, data: toText(data) }))
  }

  function metricsInput() {
    const { report, finishedAtMs } = verifier.state()
    const verified = report && finishedAtMs !== null ? { report, atMs: finishedAtMs } : undefined
    return { observation, verified }
  }
}

function hello({ token, isReadOnly, contextName, charts, assets }: ConsoleParts): Hello {
  return {
    ...{ version, build: assets.build, context: contextName },
    token: isReadOnly ? null : token,
    charts: charts.map(({ question, title, bars, line }): ChartPlan => ({ question, title, bars, line })),
  }
}

/** Pages that are there get what changed, a page that comes gets all. */
function createBoardTeller() {
  const pipelines = createKeyedChanges<PipelineCard>(({ name }) => name)
  const connectors = createKeyedChanges<ConnectorCard>(({ name }) => name)
  return {
    changes(now: Observation): BoardChange {
      const seen = toBoard(now)
      const [flows, live] = [pipelines(seen.pipelines), connectors(seen.connectors)]
      return {
        ...{ ...seen, isWhole: false, pipelines: flows.changed, connectors: live.changed },
        ...{ gonePipelines: flows.gone, goneConnectors: live.gone },
      }
    },
    whole: (now: Observation): BoardChange => ({
      ...{ ...toBoard(now), isWhole: true, gonePipelines: [], goneConnectors: [] },
    }),
  }
}
