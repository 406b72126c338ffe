import { nameOf } from './choose-tables.ts'
import type { Addition } from './plan-addition.ts'

/** One thing that is done, in its order. */
export interface Change {
  readonly kind: 'sql' | 'topic' | 'configure' | 'backfill'
  /** The database, the connector, or kafka. */
  readonly where: string
  readonly what: string
}

/** Pure: everything that `add table` would do, as a person reads it before saying yes. */
export function changesOf({ statements, plan, rows }: Addition): readonly Change[] {
  const config = (name: string, patch: Readonly<Record<string, string>>, isRestarting: boolean) =>
    Object.keys(patch).map((key): Change => {
      const names = plan.ways.map(({ table, topic }) => (key === 'topics' ? topic : nameOf(table)))
      const pause = isRestarting ? '; its task starts anew, and its other tables wait for some seconds' : ''
      return { kind: 'configure', where: name, what: `${key} + ${names.join(', ')}${pause}` }
    })
  return [
    ...statements.map(({ database, sql }): Change => ({ kind: 'sql', where: database, what: sql })),
    ...plan.ways.map(
      ({ topic }): Change => ({ kind: 'topic', where: 'kafka', what: `topic ${topic}, like ${plan.model}` }),
    ),
    ...config(plan.sink.name, plan.sinkPatch, false),
    ...config(plan.source.name, plan.sourcePatch, plan.source.state === 'RUNNING'),
    ...plan.ways.map(
      (way): Change => ({
        kind: 'backfill',
        where: plan.source.name,
        what: `${nameOf(way.table)}: the ${(rows.get(way) ?? 0).toLocaleString('en')} rows that it has, then verify`,
      }),
    ),
  ]
}

export function describeAddition(addition: Addition): string {
  const { plan, leftOut, notes } = addition
  const changes = changesOf(addition)
  const width = Math.max(...changes.map(({ where }) => where.length))
  return [
    `${plan.ways.map(({ table }) => nameOf(table)).join(', ')} from ${plan.source.name} to ${plan.sink.name}:`,
    ...changes.map(({ where, what }) => `  ${where.padEnd(width)}  ${what}`),
    ...leftOut.map(({ table, reason }) => `left out: ${table}: ${reason}`),
    ...notes.map(note => `note: ${note}`),
  ]
    .map(line => `${line}\n`)
    .join('')
}
