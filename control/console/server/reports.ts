import type { LetterGroup } from '../../bad-records/group-letters.ts'
import { toConnectorRow } from '../../commands/connectors/connector-rows.ts'
import { readOf } from '../../health/unread.ts'
import { named } from '../../output/shell-words.ts'
import { dropCommandOf, type Slot } from '../../slots/judge-slot.ts'
import type { Inventory } from '../inventory/inventory.ts'
import { toTableRows } from '../inventory/table-rows.ts'
import type { Observation } from '../watch/observation.ts'

export type Document = Readonly<Record<string, unknown>>

/** What was seen last; undefined: nothing yet. */
export interface Known {
  readonly seen: Observation | undefined
  readonly inventory: Inventory | undefined
  /** With the stack or context that a command is to reach. */
  readonly toPaste: (text: string) => string
}

/** undefined: what it is made of was not seen yet. */
type Make = (known: Known) => Document | readonly Document[] | undefined

/** The CLI's reports by the last part of their address, in the shapes that its `-o json` prints. */
export const documents: Readonly<Record<string, Make>> = {
  health: ({ seen }) => seen && health(seen),
  pipelines: ({ seen }) => seen?.report.pipelines.map(pipeline => ({ ...pipeline })),
  connectors: ({ seen }) => seen && (readOf(seen.snapshot.connectors) ?? []).map(toConnectorRow),
  top: ({ seen }) => seen && top(seen),
  slots: ({ inventory, toPaste }) => inventory?.slots.map(slot => toSlotCard(slot, toPaste)),
  backfills: ({ inventory }) => inventory?.backfills.map(one => ({ ...one })),
  dlq: ({ inventory, toPaste }) => inventory?.letters.map(group => toLetterCard(group, toPaste)),
  tables: ({ seen }) => seen && toTableRows(seen).map(row => ({ ...row })),
}

/** As `trib get slots` says it, with the command for one that nobody reads. */
export interface SlotCard extends Slot {
  readonly command: string | null
}

function toSlotCard(slot: Slot, toPaste: Known['toPaste']) {
  const command = slot.owner === 'ORPHAN' ? toPaste(dropCommandOf(slot)) : null
  return { ...slot, command } satisfies SlotCard
}

/** As `trib get dlq` says it, with the command that mends them. */
export interface LetterCard extends LetterGroup {
  readonly command: string | null
}

function toLetterCard(group: LetterGroup, toPaste: Known['toPaste']) {
  const command = group.open > 0 ? toPaste(`npx trib dlq replay ${named(group.connector)}`) : null
  return { ...group, command } satisfies LetterCard
}

function health({ report: { state, cause, command, pipelines } }: Observation): Document {
  return pipelines.length > 0 ? { state, pipelines } : { state, pipelines, cause, command }
}

function top({ report, flows }: Observation): readonly Document[] {
  return report.pipelines.flatMap(({ name, tables, freshnessSeconds, state }) =>
    tables.map(({ table, topic, lagRecords }) => {
      const flow = flows.find(one => one.pipeline === name && one.topic === topic)
      return {
        ...{ pipeline: name, table: table ?? topic },
        inPerSecond: flow?.inPerSecond ?? null,
        recordsPerSecond: flow?.recordsPerSecond ?? null,
        outPerSecond: flow?.outPerSecond ?? null,
        ...{ lagRecords, freshnessSeconds, state },
      }
    }),
  )
}
