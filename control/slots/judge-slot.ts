import { sqlText } from '../health/commands-to-paste.ts'
import type { HealthState } from '../health/report.ts'
import { shellWord } from '../output/shell-words.ts'
import type { Owner } from './read-slots.ts'

/** As the server tells it. */
export interface SlotRow {
  readonly name: string
  readonly type: string
  readonly database: string | null
  readonly isActive: boolean
  readonly isTemporary: boolean
  /** What the program that reads it calls itself. */
  readonly reader: string | null
  /** reserved, extended, unreserved, lost */
  readonly walStatus: string | null
  readonly retainedBytes: number | null
  /** Until `max_slot_wal_keep_size`; null: there is no limit but the disk. */
  readonly safeBytes: number | null
  readonly atMs: number
}

export interface Slot {
  readonly slot: string
  /** As the context calls the database. */
  readonly service: string
  readonly database: string | null
  /** The connector; `ORPHAN`: nobody here reads it, and it holds WAL; null: another program reads it. */
  readonly owner: string | null
  readonly active: boolean
  readonly reader: string | null
  readonly retainedBytes: number | null
  readonly walStatus: string | null
  readonly safeBytes: number | null
  /** null: it does not grow, or nothing limits it. */
  readonly secondsUntilFull: number | null
}

interface JudgeOptions {
  readonly service: string
  /** The same slot a moment ago. */
  readonly before: SlotRow | undefined
  /** Sources of this server. */
  readonly owners: readonly Owner[]
}

/** Pure: whose a slot is, and when it is full if it goes on like this. */
export function judgeSlot(slot: SlotRow, { service, before, owners }: JudgeOptions): Slot {
  const owner = owners.find(
    ({ connector, located }) =>
      (connector.config['slot.name'] ?? 'debezium') === slot.name &&
      located.address.database === slot.database,
  )
  const isForOthers = slot.isActive || slot.isTemporary || slot.type !== 'logical'
  return {
    ...{ slot: slot.name, service: owner?.located.name ?? service, database: slot.database },
    owner: owner?.connector.name ?? (isForOthers ? null : 'ORPHAN'),
    ...{ active: slot.isActive, reader: slot.reader, retainedBytes: slot.retainedBytes },
    ...{ walStatus: slot.walStatus, safeBytes: slot.safeBytes },
    secondsUntilFull: untilFull(slot, before),
  }
}

function untilFull(now: SlotRow, before: SlotRow | undefined): number | null {
  if (now.walStatus === 'lost') return 0
  if (!before || now.safeBytes === null || now.retainedBytes === null || before.retainedBytes === null)
    return null
  const perSecond = (now.retainedBytes - before.retainedBytes) / ((now.atMs - before.atMs) / 1000)
  return perSecond > 0 ? Math.max(0, Math.round(now.safeBytes / perSecond)) : null
}

/** One that nobody reads fills the disk; one that is lost has lost changes. Pure. */
export function slotState({ owner, walStatus, active }: Slot): HealthState {
  if (walStatus === 'lost') return 'failed'
  if (owner === 'ORPHAN' || walStatus === 'unreserved') return 'degraded'
  return active || owner === null ? 'ok' : 'degraded'
}

/** Nothing is dropped for anybody: whoever reads it from elsewhere would lose their place. */
export const dropCommandOf = ({ slot, service }: Slot): string =>
  `npx trib sql ${shellWord(service)} ${shellWord(`select pg_drop_replication_slot(${sqlText(slot)})`)}`
