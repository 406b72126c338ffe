import { version } from '../version.ts'
import { type Activity, createActivity, type Note } from './activity.ts'
import { type Answers, createAnswers } from './answers/answers.ts'
import { createBoardTeller } from './board-teller.ts'
import type { ConsoleParts } from './console-parts.ts'
import { formatMetrics } from './format-metrics.ts'
import { createRestartCounts } from './heal/restart-counts.ts'
import { createInventory, type InventoryTaker } from './inventory/inventory.ts'
import type { Hello } from './messages.ts'
import { createNewcomers } from './newcomers.ts'
import { noticeChanges } from './notice-changes.ts'
import { createJobs, type Jobs } from './run-jobs.ts'
import type { ServerEvent } from './server/event-stream.ts'
import { createVerifier, type Verifier } from './steer/verifier.ts'
import type { Observation } from './watch/observation.ts'
import { createObservationFeed } from './watch/observation-feed.ts'

/** What the console knows, apart from how it is looked at and served. */
export interface Core {
  readonly activity: Activity
  readonly verifier: Verifier
  readonly answers: Answers
  readonly jobs: Jobs
  readonly inventory: InventoryTaker
  /** What was seen last; undefined: nothing yet. */
  observation(): Observation | undefined
  /** Takes a new look: tells the pages, and what a person would want to have been told. */
  see(now: Observation): void
  /** All that is known, for a page that just came. */
  whole(): readonly ServerEvent[]
  metrics(watchers: number): string
}

interface CoreOptions {
  /** Reaches every page; each change of what is known is told at once. */
  publish(event: string, data: string): void
  /** Looks at once. */
  hurry(): void
}

export function createCore(parts: ConsoleParts, { publish, hurry }: CoreOptions): Core {
  const { clock, mask, log } = parts
  const toText = (data: unknown) => mask(JSON.stringify(data))
  const tell = (event: string) => (data: unknown) => publish(event, toText(data))
  const activity = withCommandsToPaste(
    createActivity({
      now: () => clock.now(),
      onEntry: entry => {
        publish('activity', toText([entry]))
        log.info(mask(`${entry.subject} ${entry.text}`))
      },
    }),
    parts,
  )
  const noting = { activity, clock, signal: parts.signal }
  const verifier = createVerifier({
    ...{ ...noting, verify: parts.verify, toPaste: parts.toPaste },
    onChange: tell('verify'),
  })
  const { charts, openWarehouse } = parts
  const answers = createAnswers({ charts, openWarehouse, clock, onChange: tell('answer') })
  const inventory = createInventory({ readers: parts.inventory, clock })
  const feed = createObservationFeed()
  const counts = createRestartCounts()
  const given = parts.jobs({ activity, counts, hurry, nextObservation: feed.next })
  const jobs: Jobs = createJobs(given, { ...noting, onChange: () => tell('jobs')(jobs.states()) })
  const board = createBoardTeller()
  const newcomersOf = createNewcomers()
  let observation: Observation | undefined
  let newBefore: ReadonlySet<string> = new Set()
  return {
    ...{ activity, verifier, answers, jobs, inventory, observation: () => observation },
    see(now) {
      const newNow = newcomersOf(now.report, now.snapshot.atMs)
      const newcomers = { before: newBefore, now: newNow }
      for (const news of noticeChanges(observation, now, newcomers)) activity.note(news)
      newBefore = newNow
      observation = now
      tell('board')(board.changes(now, inventory.last()))
      feed.push(now)
    },
    whole() {
      const events: readonly (readonly [string, unknown])[] = [
        ['hello', helloOf(parts)],
        ...(observation ? [['board', board.whole(observation, inventory.last())] as const] : []),
        ...answers.whole().map(change => ['answer', change] as const),
        ...[['verify', verifier.state()] as const, ['jobs', jobs.states()] as const],
        ['activity', activity.entries()],
      ]
      return events.map(([event, data]) => ({ event, data: toText(data) }))
    },
    metrics(watchers) {
      const { report, finishedAtMs } = verifier.state()
      const verified = report && finishedAtMs !== null ? { report, atMs: finishedAtMs } : undefined
      return formatMetrics({ observation, verified, watchers, counts: counts.all(), nowMs: clock.now() })
    },
  }
}

/** Pasted without its stack or context, a command would reach another cluster. */
function withCommandsToPaste(activity: Activity, { toPaste }: ConsoleParts): Activity {
  const note = (one: Note) => activity.note({ ...one, command: one.command && toPaste(one.command) })
  return { ...activity, note }
}

function helloOf({ token, isReadOnly, contextName, charts, assets }: ConsoleParts): Hello {
  return {
    ...{ version, build: assets.build, context: contextName },
    token: isReadOnly ? null : token,
    charts: charts.map(({ question, title, bars, line }) => ({ question, title, bars, line })),
  }
}
