import type { TableFacts } from '../doctor/subjects/table-facts.ts'
import { unreadableKey } from '../verify/readable-key.ts'
import { canBeNamed } from './collection-pattern.ts'

/** Pure: why the rows that a table has cannot be read, all of them; undefined: they can. */
export function whyUnreadable(facts: TableFacts): string | undefined {
  const name = `${facts.schema}.${facts.table}`
  if (!canBeNamed(facts))
    return `Debezium cannot be asked for the rows of ${name}: its name is no pattern that fits`
  if (facts.key.length === 0)
    return `${name} has no primary key, by which its rows could be read again in order`
  return unreadableKey(facts)
}
