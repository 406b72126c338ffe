import type { Database } from '../../database/connect.ts'
import { messageOf } from '../../errors/trib-error.ts'
import { readOf } from '../../health/unread.ts'
import type { Chart } from '../../scenarios/scenario.ts'
import type { Clock } from '../../system/clock.ts'
import { createKeyedChanges, type KeyedChanges } from '../keyed-changes.ts'
import type { AnswerChange, AnswerRow } from '../messages.ts'
import { ownTopics } from '../own-topics.ts'
import type { Observation } from '../watch/observation.ts'
import { readAnswer } from './read-answer.ts'

export interface AnswersOptions {
  readonly charts: readonly Chart[]
  /** A session with the warehouse, given back by disposing of it. */
  readonly openWarehouse: () => Promise<Database>
  readonly clock: Clock
  readonly onChange: (change: AnswerChange) => void
}

export interface Answers {
  /** Asks the views again where this look shows that something landed. Never rejects. */
  consider(observation: Observation): Promise<void>
  /** All that is known, for a page that just came. */
  whole(): readonly AnswerChange[]
}

/** Of the time that goes by, at most this share is spent on asking; and never more often than the second number. */
const mostShare = 0.2
const shortestPauseMs = 900
/** On Monday there is a new week though nothing landed. */
const longestPauseMs = 60_000

interface Told {
  readonly chart: Chart
  readonly changesOf: (rows: readonly AnswerRow[]) => KeyedChanges<AnswerRow>
  /** undefined: never asked. */
  rows: readonly AnswerRow[] | undefined
  problem: string | null
}

/** The answers to the two questions, asked again only when rows have landed, told as what is new of them. */
export function createAnswers({ charts, openWarehouse, clock, onChange }: AnswersOptions): Answers {
  const told = charts.map(
    (chart): Told => ({
      chart,
      changesOf: createKeyedChanges(([week]) => week),
      rows: undefined,
      problem: null,
    }),
  )
  let seen = ''
  let isSettling = false
  let isBusy = false
  let askedAt = Number.NEGATIVE_INFINITY
  let nextAt = 0

  return {
    async consider(observation) {
      const now = clock.now()
      const mark = markOf(observation)
      const hasMoved = mark !== seen
      const isOld = now - askedAt > longestPauseMs || told.some(one => one.problem !== null)
      if (isBusy || now < nextAt || !(hasMoved || isSettling || isOld)) return
      isBusy = true
      // A record that was written just now may land after the views were asked: they are asked once more.
      isSettling = hasMoved
      seen = mark
      askedAt = now
      await askAll()
      nextAt = clock.now() + Math.max(shortestPauseMs, (clock.now() - now) / mostShare)
      isBusy = false
    },
    whole: () =>
      told
        .filter(({ rows, problem }) => rows !== undefined || problem !== null)
        .map(one => toChange(one, { changed: one.rows ?? [], gone: [] }, true)),
  }

  async function askAll(): Promise<void> {
    try {
      await using database = await openWarehouse()
      for (const one of told) await ask(one, database)
    } catch (error) {
      for (const one of told) fail(one, messageOf(error))
    }
  }

  async function ask(one: Told, database: Database): Promise<void> {
    const rows = await readAnswer(database, one.chart)
    const changes = one.changesOf(rows)
    const isFirst = one.rows === undefined || one.problem !== null
    one.rows = rows
    one.problem = null
    if (isFirst || changes.changed.length + changes.gone.length > 0) onChange(toChange(one, changes, false))
  }

  function fail(one: Told, problem: string): void {
    if (one.problem === problem) return
    one.problem = problem
    onChange(toChange(one, { changed: [], gone: [] }, false))
  }
}

function toChange(
  { chart, problem }: Told,
  changes: KeyedChanges<AnswerRow>,
  isWhole: boolean,
): AnswerChange {
  return { question: chart.question, isWhole, rows: changes.changed, goneWeeks: changes.gone, problem }
}

/**
 * What moves when rows land. The warehouse's own statistics come up to 10 s late, Kafka's offsets at once: a record
 * that was written is in the warehouse some 20 ms later, and a sink that was stuck shows by what it confirms.
 */
function markOf({ snapshot, report }: Observation): string {
  const groups = readOf(snapshot.groups) ?? {}
  const own = ownTopics(snapshot.pipelines)
  return JSON.stringify([
    report.pipelines.flatMap(({ tables }) =>
      tables
        .filter(({ topic }) => !own.has(topic))
        .map(({ topic, topicEnd, targetChanges }) => [
          topic,
          topicEnd,
          targetChanges,
          committedOf(groups, topic),
        ]),
    ),
    Object.values(snapshot.warehouses).map(({ kind }) => kind),
  ])
}

type Groups = Readonly<Record<string, { readonly committed: Readonly<Record<string, number>> }>>

function committedOf(groups: Groups, topic: string): readonly number[] {
  return Object.values(groups).flatMap(({ committed }) =>
    Object.entries(committed).flatMap(([key, offset]) => (key.startsWith(`${topic}/`) ? offset : [])),
  )
}
