import type { ConnectClient, Connector } from '../connect/connect-api.ts'
import type { Finding, Fix } from '../doctor/finding.ts'
import { fixText } from '../doctor/finding.ts'
import { type Diagnosis, type DoctorContext, runDoctor } from '../doctor/run-doctor.ts'
import { nameOf } from './choose-tables.ts'
import type { NewTablesPlan, TableWay } from './plan-new-tables.ts'

export interface LookOptions {
  readonly connectors: readonly Connector[]
  readonly context: DoctorContext
  readonly connect: ConnectClient
  readonly signal: AbortSignal
}

/** The doctor looks at the connectors as they will be. */
export async function lookWithPlan(plan: NewTablesPlan, options: LookOptions): Promise<Diagnosis> {
  const { connectors, context, connect, signal } = options
  const patches = new Map([
    [plan.source.name, plan.sourcePatch],
    [plan.sink.name, plan.sinkPatch],
  ])
  const all = connectors.map(one => ({
    ...one,
    config: { ...one.config, ...patches.get(one.name) },
    isDeployed: true,
  }))
  const looked = all.filter(({ name }) => patches.has(name))
  return runDoctor({ connectors: looked, all, context, connect, kinds: ['source', 'sink'], signal })
}

/** Pure: whether a finding speaks of this table, in the source or where it lands. */
export function isAbout(
  { object, message }: Pick<Finding, 'object' | 'message'>,
  { table, target }: TableWay,
): boolean {
  const name = nameOf(table)
  if (object.endsWith(` ${name}`)) return true
  if (target && object.includes(' ') && object.endsWith(`.${target.table}`)) return true
  const at = ` ${message} `.indexOf(` ${name}`)
  // A longer name that begins so is another table.
  return at >= 0 && /^[\s:,;.)]/.test(` ${message} `.slice(at + 1 + name.length))
}

/** What `add` runs by itself; the rest is for a person, before anything is changed. */
export const isExecutable = (fix: Fix) => fix.kind === 'sql' && fix.byHand === undefined

export const isObstacle = ({ severity, fix }: Finding) => severity === 'error' && !isExecutable(fix)

export function describeObstacle({ object, message, check }: Finding): string {
  return `${object}: ${message} (${check})`
}

export function helpOf({ fix }: Finding): string {
  return fixText(fix) ?? (fix.kind === 'none' ? fix.reason : 'npx trib doctor')
}
