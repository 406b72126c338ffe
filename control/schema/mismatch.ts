import type { Connector } from '../connect/connect-api.ts'
import { traceOf } from '../health/rules/known-trace.ts'

/**
 * How the JDBC sink 3.6 and Postgres say that a record does not fit its table. Each names the table, the last only in
 * the statement that failed.
 */
const patterns = [
  /Cannot alter table (\S+) because schema evolution is disabled/,
  /Cannot ALTER table '([^']+)' because field/,
  /of relation "([^"]+)" (?:does not exist|violates not-null)/,
  /(?:is of type [a-z ]+ but expression is of type|out of range|value too long for type|numeric field overflow)[\s\S]*?INSERT INTO (?:"[^"]*"\.)?("[^"]+")/,
  /INSERT INTO (?:"[^"]*"\.)?("[^"]+")[\s\S]*?(?:is of type [a-z ]+ but expression is of type|out of range|value too long for type|numeric field overflow)/,
]

export interface Mismatch {
  /** Without its schema, as the sink names it. */
  readonly table: string
  readonly trace: string
}

/** The table whose records a failed task could not write as they do not fit; undefined: it runs, or failed of something else. */
export function findMismatch(sink: Connector): Mismatch | undefined {
  if (!sink.tasks.some(({ state }) => state === 'FAILED')) return undefined
  const trace = traceOf(sink)
  for (const pattern of patterns) {
    const [, name] = pattern.exec(trace) ?? []
    if (name !== undefined) return { table: name.replaceAll('"', '').split('.').at(-1) ?? name, trace }
  }
  return undefined
}
