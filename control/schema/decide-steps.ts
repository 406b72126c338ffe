import { escapeIdentifier } from 'pg'
import { shellWord } from '../output/shell-words.ts'
import { follow, join } from './column-outcomes.ts'
import { addSql, renameSql } from './column-sql.ts'
import type { KnownColumn, KnownTable } from './known-tables.ts'
import type { About, Refusal, Step } from './step.ts'
import type { LandingTable, SourceColumn, SourceTable } from './table-shapes.ts'

export interface Decision {
  readonly steps: readonly Step[]
  readonly refusals: readonly Refusal[]
  /** What is known from now on, once the steps are done; undefined: it cannot be said yet. */
  readonly known: KnownTable | undefined
}

export interface DecideOptions {
  /** The connector. */
  readonly source: string
  readonly now: SourceTable
  readonly landing: LandingTable
  /** undefined: nobody has looked at this table before. */
  readonly before: KnownTable | undefined
  /** The sink does not quote names. */
  readonly isFolded: boolean
  readonly isLeftOut: (column: string) => boolean
}

/** Pure: what a changed source asks of its landing table. */
export function decideSteps(options: DecideOptions): Decision {
  const { now, landing, before, isFolded, isLeftOut } = options
  const sent = now.columns.filter(({ name, isGenerated }) => !isGenerated && !isLeftOut(name))
  const isRewritten = before !== undefined && before.fileNode !== now.fileNode
  const about: About = {
    ...{ now, landing, isRewritten, isFirst: before === undefined },
    table: [landing.schema, landing.table].map(name => escapeIdentifier(name)).join('.'),
    nameIn: name => (isFolded ? name.toLowerCase() : name),
  }
  const known = before?.columns ?? pairByName(about, sent)
  const ambiguous = before === undefined ? findAmbiguous(about, sent) : undefined
  if (ambiguous) return { steps: [], refusals: [ambiguous], known: undefined }

  const outcomes = [
    ...known.map(one => (one.isGone ? { column: one, steps: [], refusals: [] } : follow(about, one, sent))),
    ...sent
      .filter(({ number }) => !known.some(one => one.number === number && !one.isGone))
      .map(column => join(about, column, known)),
  ]
  const steps = outcomes.flatMap(one => one.steps)
  const refusals = outcomes.flatMap(one => one.refusals)
  const columns = withoutReplaced(outcomes.flatMap(({ column }) => column ?? []))
  // One reading serves whatever asked for it.
  const [again] = steps.filter(({ kind }) => kind === 'read-again')
  const distinct = steps.filter(step => step.kind !== 'read-again' || step === again)
  // What is refused is looked at again next time as if nothing had been seen.
  const fileNode = refusals.length > 0 ? (before?.fileNode ?? now.fileNode) : now.fileNode
  const notes = isRewritten && steps.length + refusals.length === 0 ? noteRewritten(now) : []
  return {
    steps: [...distinct, ...notes],
    refusals,
    known: asKnown(options, columns, fileNode),
  }
}

/** A column that is gone, and whose place another one has taken. */
const withoutReplaced = (columns: readonly KnownColumn[]) =>
  columns.filter(one => !one.isGone || !columns.some(other => !other.isGone && other.landing === one.landing))

function asKnown(
  { source, now, landing }: DecideOptions,
  columns: readonly KnownColumn[],
  fileNode: string,
): KnownTable {
  return {
    ...{ source, oid: now.oid, fileNode, columns },
    table: { schema: now.schema, table: now.table },
    landing: { schema: landing.schema, table: landing.table },
  }
}

/** At the first look names are all there is. */
function pairByName({ landing, nameIn }: About, sent: readonly SourceColumn[]): readonly KnownColumn[] {
  return sent.flatMap(({ number, name, type }) => {
    const twin = landing.columns.find(one => one.name === nameIn(name))
    return twin ? [{ number, name, type, landing: twin.number, isGone: false }] : []
  })
}

/** A column on each side that the other lacks: renamed, or dropped and added? Only what was known before could tell. */
function findAmbiguous(about: About, sent: readonly SourceColumn[]): Refusal | undefined {
  const { landing, table, nameIn, now } = about
  const missing = sent.filter(({ name }) => !landing.columns.some(one => one.name === nameIn(name)))
  const extra = landing.columns.filter(
    one => !one.name.startsWith('__') && !sent.some(({ name }) => nameIn(name) === one.name),
  )
  const [old] = extra
  const [fresh] = missing
  if (!old || !fresh) return undefined
  return {
    sentence: `${now.schema}.${now.table} has the column ${fresh.name}, which its landing table lacks, and lacks ${old.name}, which that has; nobody looked when it changed, so it may have been renamed, or one dropped and the other added`,
    statements: [renameSql(table, old.name, nameIn(fresh.name))],
    otherwise: { meaning: 'where it was added', statements: [addSql(about, fresh)] },
    mustStop: false,
  }
}

function noteRewritten({ schema, table, isTruncateGuarded }: SourceTable): readonly Step[] {
  if (isTruncateGuarded) return []
  return [
    {
      kind: 'note',
      sentence: `${schema}.${table} was written anew as a whole (VACUUM FULL, CLUSTER), or truncated, which is not carried`,
      command: `npx trib verify --repair --table ${shellWord(table)}`,
    },
  ]
}
