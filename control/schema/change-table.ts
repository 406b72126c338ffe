import { type Database, transaction } from '../database/connect.ts'
import { messageOf } from '../errors/trib-error.ts'
import { inTurn, sqlCommand } from '../health/commands-to-paste.ts'
import type { SqlPlace } from '../health/snapshot.ts'
import { named } from '../output/shell-words.ts'
import type { Decision } from './decide-steps.ts'
import type { FollowEvent } from './follow-event.ts'
import { type KnownTable, writeKnownTable } from './known-tables.ts'
import type { Refusal, Step } from './step.ts'
import { readLandingTables } from './table-shapes.ts'

interface ChangeOptions {
  readonly decision: Decision
  /** Of the warehouse. */
  readonly database: Database
  readonly place: SqlPlace
  /** `public.Orders` */
  readonly object: string
  readonly sink: string
  /** The sink has stopped at something. */
  readonly hasFailed: boolean
  readonly before: KnownTable | undefined
  readonly readAgain: () => Promise<void>
}

export interface Changed {
  readonly events: readonly FollowEvent[]
  /** Something was altered here. */
  readonly isAltered: boolean
  /** It waits for a person. */
  readonly isOpen: boolean
}

/** Longer than a query of a dashboard; everybody who asks for the table meanwhile waits behind us. */
const lockTimeout = '5s'

/** Carries out what was decided of one table. What fails is told, and tried again with the next look. */
export async function changeTable(options: ChangeOptions): Promise<Changed> {
  const { decision, database, object, before, readAgain } = options
  const events = decision.refusals.map(refusal => refused(refusal, options))
  let isAltered = false
  for (const step of decision.steps) {
    try {
      if (step.kind === 'sql') await alter(database, step.statement)
      if (step.kind === 'read-again') await readAgain()
    } catch (error) {
      events.push(failed(step, error, options))
      return { events, isAltered, isOpen: true }
    }
    isAltered ||= step.kind === 'sql'
    events.push(done(step, object))
  }
  const known = decision.known && (isAltered ? await paired(database, decision.known) : decision.known)
  if (known && JSON.stringify(known) !== JSON.stringify(before)) await writeKnownTable(database, known)
  return { events, isAltered, isOpen: decision.refusals.length > 0 }
}

async function alter(database: Database, statement: string): Promise<void> {
  await transaction(database, async () => {
    await database.query(`set local lock_timeout = '${lockTimeout}'`)
    await database.query(statement)
  })
}

/** With the numbers that new columns have got in the warehouse. */
async function paired(database: Database, known: KnownTable): Promise<KnownTable> {
  const [table] = await readLandingTables(database, [known.landing])
  const numberOf = (name: string) =>
    table?.columns.find(one => one.name === name || one.name === name.toLowerCase())?.number ?? null
  const columns = known.columns.map(one =>
    one.landing === null && !one.isGone ? { ...one, landing: numberOf(one.name) } : one,
  )
  return { ...known, columns }
}

function done(step: Step, object: string): FollowEvent {
  const { sentence } = step
  if (step.kind === 'note') return { level: 'warn', object, sentence, command: step.command }
  const what = step.kind === 'sql' ? step.statement : 'its rows are read once more'
  return { level: 'info', object, sentence: `${sentence}: ${what}` }
}

function failed(step: Step, error: unknown, { object, place }: ChangeOptions): FollowEvent {
  const command = step.kind === 'sql' ? sqlCommand(place, step.statement) : undefined
  return {
    level: 'error',
    object,
    sentence: `${step.sentence}, but that could not be followed yet: ${messageOf(error)}`,
    command,
  }
}

function refused(
  { sentence, statements, otherwise, mustStop }: Refusal,
  options: ChangeOptions,
): FollowEvent {
  const { object, place, sink, hasFailed } = options
  // Rows of before are on their way: they would not fit any more.
  const patience =
    mustStop || hasFailed
      ? ''
      : `; ${sink} goes on until the first such row and fails there, before that nothing is to be done`
  const goOn = [...(mustStop ? [`npx trib resume ${named(sink)}`] : []), `npx trib restart ${named(sink)}`]
  const commandOf = (those: readonly string[]) => inTurn(...those.map(one => sqlCommand(place, one)), ...goOn)
  const other = otherwise ? `; ${otherwise.meaning}: ${commandOf(otherwise.statements)}` : ''
  return {
    level: 'error',
    object,
    sentence: `${sentence}${other}${patience}`,
    command: commandOf(statements),
  }
}
