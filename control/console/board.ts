import type { Connector } from '../connect/connect-api.ts'
import { failureOf } from '../connect/failure-of.ts'
import type { Facts, HopReport, PipelineReport } from '../health/report.ts'
import type { Snapshot } from '../health/snapshot.ts'
import { readOf } from '../health/unread.ts'
import { slotState } from '../slots/judge-slot.ts'
import type { Inventory } from './inventory/inventory.ts'
import type { BoardChange, ConnectorCard, HopCard, InventorySummary, PipelineCard } from './messages.ts'
import { ownTopics } from './own-topics.ts'
import type { TableFlow } from './watch/flow.ts'
import type { Observation } from './watch/observation.ts'

export type Board = Omit<BoardChange, 'isWhole' | 'gonePipelines' | 'goneConnectors'>

/** Pure: what the pages show of one look, without anything that they do not show. */
export function toBoard(
  { snapshot, report, flows, brokers }: Observation,
  inventory: Inventory | undefined,
): Board {
  const own = ownTopics(snapshot.pipelines)
  return {
    atMs: snapshot.atMs,
    ...{ state: report.state, cause: report.cause, command: report.command },
    brokers: brokers.map(({ name, isUp }) => ({ name, isUp })),
    pipelines: report.pipelines.map(pipeline => toPipelineCard(pipeline, { flows, own })),
    connectors: (readOf(snapshot.connectors) ?? []).map(toConnectorCard),
    inventory: toSummary(inventory, snapshot),
  }
}

function toSummary(inventory: Inventory | undefined, { groups }: Snapshot): InventorySummary {
  const { atMs = null, slots = [], backfills = [], problems = nothing } = inventory ?? {}
  return {
    ...{ atMs, backfills: backfills.length, problems },
    badSlots: slots.filter(slot => slotState(slot) !== 'ok').length,
    badRecords: Object.values(readOf(groups) ?? {}).reduce((sum, { putAside = 0 }) => sum + putAside, 0),
  }
}

const nothing = { slots: [], backfills: [], letters: [] } as const

interface CardContext {
  readonly flows: readonly TableFlow[]
  readonly own: ReadonlySet<string>
}

function toPipelineCard(pipeline: PipelineReport, { flows, own }: CardContext): PipelineCard {
  const { name, state, cause, command, source, sink, tables, lagRecords, freshnessSeconds, hops } = pipeline
  // The rows that a person looks for are the user's.
  const users = tables.filter(({ topic }) => !own.has(topic))
  const moving = flows.filter(flow => flow.pipeline === name && !own.has(flow.topic))
  return {
    ...{ name, state, cause, command, source, sink, lagRecords },
    tables: users.map(({ table, topic }) => table ?? topic),
    inPerSecond: sum(moving.map(flow => flow.inPerSecond)),
    recordsPerSecond: sum(moving.map(flow => flow.recordsPerSecond)),
    outPerSecond: sum(moving.map(flow => flow.outPerSecond)),
    freshnessSeconds: freshnessSeconds === null ? null : shorter(freshnessSeconds),
    retainedBytes: numberOf(hops, 'slot', 'retainedBytes'),
    hops: hops.map(hop => toHopCard(hop, { ...pipeline, tables: users })),
  }
}

function toHopCard({ hop, state, cause, command, facts }: HopReport, pipeline: PipelineReport): HopCard {
  return { hop, state, cause, command, name: nameOf(hop, facts, pipeline) }
}

function nameOf(
  hop: HopReport['hop'],
  facts: Facts,
  { tables, source, sink }: PipelineReport,
): string | null {
  if (hop === 'source') return source
  if (hop === 'sink') return sink
  if (hop === 'topic') return tables[0]?.topic ?? null
  const text = facts[hop === 'database' || hop === 'warehouse' ? 'at' : 'name']
  return typeof text === 'string' ? (text.split(' at ')[0] ?? text) : null
}

function toConnectorCard(connector: Connector): ConnectorCard {
  const { name, type, config, state, tasks } = connector
  return {
    ...{ name, type, state },
    class: (config['connector.class'] ?? '').split('.').at(-1) ?? '',
    tasks: tasks.map(task => ({ id: task.id, state: task.state })),
    failure: failureOf(connector) ?? null,
  }
}

function sum(rates: readonly (number | null)[]): number | null {
  const known = rates.filter(rate => rate !== null)
  if (known.length === 0) return null
  return Math.round(known.reduce((total, rate) => total + rate, 0) * 10) / 10
}

function numberOf(hops: readonly HopReport[], name: HopReport['hop'], fact: string): number | null {
  const value = hops.find(({ hop }) => hop === name)?.facts[fact]
  return typeof value === 'number' ? value : null
}

/** Tenths tell something of a heartbeat that just came; later they only make every message differ. */
function shorter(seconds: number): number {
  return seconds < 10 ? seconds : Math.round(seconds)
}
