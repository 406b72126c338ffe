import type { LandedTable } from './snapshot.ts'

/** A table of that name: in the first schema of the sink's search path that has one. */
export function findTable(
  tables: readonly LandedTable[],
  name: string,
  searchPath: readonly string[],
  schema?: string,
): LandedTable | undefined {
  const schemas = schema === undefined ? searchPath : [schema]
  return schemas.flatMap(one => tables.find(table => table.table === name && table.schema === one) ?? [])[0]
}
