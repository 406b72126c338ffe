import { messageOf, TribError } from '../errors/trib-error.ts'
import { findSuspects } from './find-suspects.ts'
import { type PairOptions, pairTables } from './pair-tables.ts'
import { type Findings, settle } from './settle.ts'
import type { SidePlan, Store, TableShape } from './store.ts'

interface Name {
  readonly schema: string
  readonly table: string
}

export interface ComparedTables extends PairOptions {
  readonly source: Name
  readonly target: Name
}

export interface VerifyTableOptions {
  readonly source: Store
  readonly target: Store
  readonly awaitArrival: () => Promise<void>
  /** For settling; the waits inside have deadlines of their own. */
  readonly deadlineMs: number
  readonly sampleShare?: number | undefined
  readonly onProgress?: (text: string) => void
  readonly signal?: AbortSignal | undefined
}

/** What is known of a table after looking at it. */
export type TableOutcome = Compared | Incomparable

export interface Compared {
  readonly kind: 'compared'
  readonly rows: number
  readonly findings: Findings
  readonly missingColumns: readonly string[]
  readonly extraColumns: readonly string[]
  readonly leftOut: readonly string[]
  readonly droppedColumns: readonly string[]
  readonly isCutShort: boolean
  readonly shape: TableShape
  readonly plans: { readonly source: SidePlan; readonly target: SidePlan }
  /** Why a repair did not come to its end. */
  readonly failure?: Incomparable
}

export interface Incomparable {
  /** `one-sided`: the data differs; `refused`: nobody can say. */
  readonly kind: 'one-sided' | 'refused'
  readonly sentence: string
  readonly hint: string | undefined
}

export async function verifyTable(
  tables: ComparedTables,
  { source, target, ...options }: VerifyTableOptions,
): Promise<TableOutcome> {
  const [there, here] = await Promise.all([source.describe(tables.source), target.describe(tables.target)])
  if (!there) return oneSided(tables.source, source, `${target.where} is expected to have its rows`)
  if (!here) return oneSided(tables.target, target, `${there.name} in ${source.where} has no counterpart`)
  const [theirs, ours] = await Promise.all([source.fingerprint(), target.fingerprint()])
  if (theirs !== ours) {
    return {
      kind: 'refused',
      sentence: `${source.where} and ${target.where} hash the same row differently: their encodings differ (${theirs.split(' ')[0]}, ${ours.split(' ')[0]}), or their processors' byte order`,
      hint: 'only databases of one encoding can be compared',
    }
  }
  const pair = pairTables(there, here, tables)
  if (pair.kind === 'refused') return pair
  const sides = { source: source.reader(pair.source), target: target.reader(pair.target) }
  const suspects = await findSuspects(sides, {
    ...options,
    estimatedRows: { source: there.estimatedRows, target: here.estimatedRows },
  })
  const findings = await settle(suspects.keys, { ...options, ...sides })
  const { missingColumns, extraColumns, leftOut, droppedColumns } = pair
  const { rows, isCutShort } = suspects
  return {
    kind: 'compared',
    ...{ rows, isCutShort, findings, shape: there, plans: pair },
    ...{ missingColumns, extraColumns, leftOut, droppedColumns },
  }
}

function oneSided({ schema, table }: Name, { where }: Store, rest: string): Incomparable {
  return {
    kind: 'one-sided',
    sentence: `there is no table ${schema}.${table} in ${where}; ${rest}`,
    hint: undefined,
  }
}

/** What went wrong with one table, so that the others are still compared. */
export function refusedBy(error: unknown): Incomparable {
  if (error instanceof TribError && error.code === 'INTERRUPTED') throw error
  const hint = error instanceof TribError ? error.hint : undefined
  const message = messageOf(error)
  // 42P01: it was there when its columns were read.
  const sentence = message.includes('(42P01)') ? `${message}: it was dropped while it was compared` : message
  return { kind: 'refused', sentence, hint: hint ?? hintFor(message) }
}

function hintFor(message: string): string | undefined {
  const [, table] = /permission denied for table (\S+) \(42501\)/.exec(message) ?? []
  return table && `let the user of the context read it: grant select on ${table} to …`
}
