import { DatabaseError, escapeIdentifier } from 'pg'
import { type Database, type DatabaseAddress, openDatabase, transaction } from '../database/connect.ts'
import { TribError } from '../errors/trib-error.ts'
import type { Question } from '../scenarios/scenario.ts'

/** One week of an answer: what is new in it, and how many there are with it. */
export interface Week {
  /** Its Monday: `2026-11-23`. */
  readonly week: string
  readonly counted: number
  readonly total: number
}

export interface Answer {
  readonly question: Question
  /** Oldest first; fewer than asked for where the history is shorter. */
  readonly weeks: readonly Week[]
}

interface ReadOptions {
  /** How many weeks, counted back from this one; undefined: every week there is. */
  readonly weeks: number | undefined
  /** What `pg_stat_activity` shows. */
  readonly applicationName: string
  /** What helps where a view is missing. */
  readonly viewsHint: string
  readonly signal?: AbortSignal | undefined
}

/** The answers to all questions as of one moment: what lands meanwhile is in all of them or in none. */
export async function readAnswers(
  address: DatabaseAddress,
  questions: readonly Question[],
  { weeks, applicationName, viewsHint, signal }: ReadOptions,
): Promise<readonly Answer[]> {
  await using database = await openDatabase({ ...address, applicationName, signal, times: 'text' })
  return await transaction(database, async () => {
    await database.query('set transaction isolation level repeatable read, read only')
    const answers: Answer[] = []
    for (const question of questions)
      answers.push({ question, weeks: await readWeeks(database, question, { weeks, viewsHint }) })
    return answers
  })
}

async function readWeeks(
  database: Database,
  { view, counted, total }: Question,
  { weeks, viewsHint }: Pick<ReadOptions, 'weeks' | 'viewsHint'>,
): Promise<readonly Week[]> {
  const { rows } = await database
    .query<{ week: string; counted: string; total: string }>(
      `select week, ${escapeIdentifier(counted)} as counted, ${escapeIdentifier(total)} as total
       from public.${escapeIdentifier(view)} order by week desc limit $1`,
      [weeks ?? null],
    )
    .catch(error => {
      throw explain(error, { view, where: database.where, viewsHint })
    })
  // Counts of rows that a database can hold fit into a JavaScript number.
  return rows
    .reverse()
    .map(row => ({ week: row.week, counted: Number(row.counted), total: Number(row.total) }))
}

interface ViewPlace {
  readonly view: string
  readonly where: string
  readonly viewsHint: string
}

function explain(error: unknown, { view, where, viewsHint }: ViewPlace): unknown {
  const cause = error instanceof TribError ? error.cause : undefined
  if (!(cause instanceof DatabaseError)) return error
  switch (cause.code) {
    case '42P01':
    case '42703':
      return new TribError('DATABASE_FAILED', `${where} has no view ${view} as this version knows it`, {
        ...{ cause, hint: viewsHint },
      })
    case '42501':
      return new TribError('DATABASE_FAILED', `the role may not read the view ${view} in ${where}`, {
        ...{ cause, hint: `grant select on ${view} to that role, or name another in the context` },
      })
    default:
      return error
  }
}
