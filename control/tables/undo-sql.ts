/** What the catalogue said of a table before anything was changed. */
export interface Before {
  /** `d` key, `f` full row, `i` index, `n` nothing. */
  readonly identity: string
}

const identities: Readonly<Record<string, string>> = { d: 'default', n: 'nothing', f: 'full' }

/**
 * Pure: the statement that takes back one that the doctor or the plan wrote. undefined: it stays, and harms nobody (the
 * schema and the function that all tables share, the right to a schema, which may have been there), or is gone with what it speaks of.
 */
export function undoSql(
  statement: string,
  before: (table: string) => Before | undefined,
): string | undefined {
  const rules: readonly (readonly [RegExp, (...parts: readonly string[]) => string | undefined])[] = [
    [
      /^alter publication (\S+|".+") add table (.+)$/,
      (name, table) => `alter publication ${name} drop table ${table}`,
    ],
    [
      /^grant ([a-z, ]+?) on (?!schema )(.+) to (.+)$/,
      (rights, object, role) => `revoke ${rights} on ${object} from ${role}`,
    ],
    [/^create table ((?:"(?:[^"]|"")+"|[\w.])+) \(/, table => `drop table ${table}`],
    [
      /^create or replace trigger (\w+) before truncate on (.+) for each statement .*$/,
      (name, table) => `drop trigger if exists ${name} on ${table}`,
    ],
    [
      /^alter table (.+) add column ("(?:[^"]|"")+") /,
      (table, column) => `alter table ${table} drop column ${column}`,
    ],
    [/^alter table (.+) replica identity full$/, (table = '') => backTo(table, before(table))],
  ]
  for (const [pattern, inverse] of rules) {
    const found = pattern.exec(statement)
    if (found) return inverse(...found.slice(1))
  }
  return undefined
}

/** By an index: its name is not known any more, and with the key an update goes on, too. */
function backTo(table: string, before: Before | undefined): string | undefined {
  if (before === undefined || before.identity === 'f') return undefined
  return `alter table ${table} replica identity ${identities[before.identity] ?? 'default'}`
}
