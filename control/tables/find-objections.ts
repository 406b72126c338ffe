import { whyUnreadable } from '../backfill/why-unreadable.ts'
import type { Connector } from '../connect/connect-api.ts'
import type { Database } from '../database/connect.ts'
import type { Diagnosis } from '../doctor/run-doctor.ts'
import type { TableFacts } from '../doctor/subjects/table-facts.ts'
import { capturedTables } from '../pipelines/captured-tables.ts'
import { readPipelines } from '../pipelines/read-pipelines.ts'
import { nameOf } from './choose-tables.ts'
import { countRows } from './count-rows.ts'
import { describeObstacle, helpOf, isAbout, isObstacle } from './look-with-plan.ts'
import { type NewTablesPlan, obstacleOf, type TableWay } from './plan-new-tables.ts'

/** Why a table cannot be added. */
export interface Objection {
  readonly way: TableWay
  readonly reason: string
  readonly help: string | undefined
}

interface FindOptions {
  readonly plan: NewTablesPlan
  readonly connectors: readonly Connector[]
  readonly diagnosis: Diagnosis
  readonly facts: readonly TableFacts[]
  /** The source's. */
  readonly database: Database
}

export async function findObjections(planned: FindOptions): Promise<readonly Objection[]> {
  const { plan, diagnosis, facts, connectors, database } = planned
  const tablesOf = ({ config }: Connector) => capturedTables(config, facts)
  const pipelines = readPipelines({
    connectors,
    // Of the other sources the names in their lists must do.
    tablesOf: one => (one.name === plan.source.name ? tablesOf(one) : undefined),
  })
  const found: Objection[] = []
  for (const way of plan.ways) {
    const inTheWay = obstacleOf(way, { pipelines, plan })
    const findings = diagnosis.findings.filter(one => isObstacle(one) && isAbout(one, way))
    const isEmpty = async () => (await countRows(database, { table: way.table })) === 0
    const unreadable = facts
      .filter(one => nameOf(one) === nameOf(way.table))
      .flatMap(one => (findings.length > 0 ? [] : (whyUnreadable(one) ?? [])))
    const oldRows = unreadable.length === 0 || (await isEmpty()) ? [] : unreadable
    const reasons = [...(inTheWay ? [inTheWay] : []), ...findings.map(describeObstacle), ...oldRows]
    if (reasons.length === 0) continue
    found.push({ way, reason: reasons.join('; '), help: findings[0] && helpOf(findings[0]) })
  }
  return found
}
