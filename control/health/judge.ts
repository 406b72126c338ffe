import type { PipelineTable } from '../pipelines/pipeline.ts'
import { bringUp, forCluster } from './commands-to-paste.ts'
import { factsOf, seconds } from './facts.ts'
import {
  type HealthReport,
  type HopName,
  type HopReport,
  healthStates,
  hopNames,
  type PipelineReport,
  type TableReport,
  worstState,
} from './report.ts'
import { catalogue } from './rules/catalogue.ts'
import { capturedOf, landedOf } from './rules/places.ts'
import type { Finding } from './rules/rule.ts'
import { freshnessMs, lagOf, type Sight, sightOf, totalLag } from './sight.ts'
import type { Snapshot } from './snapshot.ts'
import { readOf } from './unread.ts'

interface JudgeOptions {
  /** A look a moment before: what has moved since, and how fast. */
  readonly before?: Snapshot | undefined
}

/** Pure: what is wrong, why, and what helps. */
export function judge(snapshot: Snapshot, { before }: JudgeOptions = {}): HealthReport {
  const { connectors, cluster, pipelines } = snapshot
  if (connectors.kind !== 'read') {
    return {
      state: connectors.kind === 'unreachable' ? 'failed' : 'unknown',
      cause: connectors.reason,
      command: forCluster(connectors.command ?? bringUp(cluster), cluster),
      pipelines: [],
    }
  }
  if (pipelines.length === 0) {
    const cause = 'no connector is deployed'
    return { state: 'unknown', cause, command: forCluster('npx trib apply --help', cluster), pipelines: [] }
  }
  const reports = pipelines.map(pipeline => judgePipeline(sightOf(snapshot, pipeline, before)))
  const state = worstState(reports.map(report => report.state))
  const worst = reports.find(report => report.state === state && state !== 'ok')
  return { state, cause: worst?.cause ?? null, command: worst?.command ?? null, pipelines: reports }
}

interface Found extends Finding {
  readonly hop: HopName
  readonly rule: string
}

/** What lies further up explains what lies further down; a warehouse that is down explains a sink that fails. */
const causalOrder: readonly HopName[] = [
  ...(['database', 'publication', 'slot', 'source', 'topic', 'warehouse', 'sink'] as const),
]

function judgePipeline(sight: Sight): PipelineReport {
  const { pipeline, cluster } = sight
  const found = catalogue.flatMap(({ id, hop, find }): readonly Found[] => {
    const finding = find(sight)
    return finding ? [{ ...finding, hop, rule: id }] : []
  })
  const hops = hopsOf(sight).map((hop): HopReport => {
    const own = worstOf(found.filter(one => one.hop === hop))
    return {
      ...{ hop, state: own?.state ?? 'ok', facts: factsOf(hop, sight), cause: own?.cause ?? null },
      ...{ command: paste(own?.command, sight), rule: own?.rule ?? null },
    }
  })
  const root = rootOf(found)
  return {
    name: pipeline.name,
    state: worstState(hops.map(({ state }) => state)),
    cause: root?.cause ?? null,
    command: root?.command ? forCluster(root.command, cluster) : null,
    rule: root?.rule ?? null,
    source: pipeline.source?.name ?? null,
    sink: pipeline.sink?.name ?? null,
    freshnessSeconds: seconds(freshnessMs(sight)),
    ...lagFacts(sight),
    tables: pipeline.tables.map(table => toTable(sight, table)),
    hops,
  }
}

/** Of a connector that is no Debezium Postgres source, or no sink into a Postgres, there is less to be seen. */
function hopsOf({ pipeline: { source, sink, tables }, database, warehouse }: Sight): readonly HopName[] {
  const present: Readonly<Record<HopName, boolean>> = {
    ...{
      database: database !== undefined,
      publication: database !== undefined,
      slot: database !== undefined,
    },
    ...{ source: source !== undefined, topic: tables.length > 0 },
    sink: sink !== undefined || tables.length > 0,
    warehouse: warehouse !== undefined,
  }
  return hopNames.filter(hop => present[hop])
}

/** The worst; of equals the first of the catalogue. */
function worstOf(found: readonly Found[]): Found | undefined {
  const rank = ({ state }: Found) => healthStates.indexOf(state)
  return found.reduce<Found | undefined>(
    (worst, one) => (worst === undefined || rank(one) > rank(worst) ? one : worst),
    undefined,
  )
}

/** A finding that only shows that something is wrong is the cause where nothing else is. */
function rootOf(found: readonly Found[]): Found | undefined {
  const inOrder = causalOrder.flatMap(hop => found.filter(one => one.hop === hop))
  return worstOf(inOrder.filter(({ isConsequence }) => !isConsequence)) ?? worstOf(inOrder)
}

function lagFacts(sight: Sight): Pick<PipelineReport, 'lagRecords' | 'lagSeconds'> {
  const lagRecords = totalLag(sight) ?? null
  // The heartbeat takes the same way as the rows: as old as it is, so late are they at most.
  const lagSeconds = lagRecords === 0 ? 0 : seconds(freshnessMs(sight))
  return { lagRecords, lagSeconds: lagRecords === null ? null : lagSeconds }
}

function toTable(sight: Sight, table: PipelineTable): TableReport {
  const captured = capturedOf(sight, table)
  const landed = landedOf(sight, table)
  const ends = readOf(sight.topics)?.[table.topic]?.partitions
  const { source, topic, target } = table
  return {
    table: source ? `${source.schema}.${source.table}` : null,
    topic,
    target: landed ? `${landed.schema}.${landed.table}` : (target?.table ?? null),
    isPublished: captured?.isPublished ?? null,
    sourceChanges: captured?.changes ?? null,
    topicEnd: ends?.reduce((sum, { end }) => sum + end, 0) ?? null,
    targetChanges: landed?.changes ?? null,
    lagRecords: lagOf(sight, table) ?? null,
  }
}

function paste(command: string | undefined, { cluster }: Sight): string | null {
  return command === undefined ? null : forCluster(command, cluster)
}

/** Where one look cannot say whether something is stuck, or how soon a slot is lost, a second one can. */
export function needsSecondLook({ pipelines }: HealthReport): boolean {
  return pipelines.some(({ hops }) =>
    hops.some(({ rule, facts }) => rule === 'stale' || Number(facts['usedPercent'] ?? 0) >= 50),
  )
}
