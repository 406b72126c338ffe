import type { DecideOptions } from '../../../control/schema/decide-steps.ts'
import type { KnownTable } from '../../../control/schema/known-tables.ts'
import type {
  LandingColumn,
  LandingTable,
  SourceColumn,
  SourceTable,
} from '../../../control/schema/table-shapes.ts'

/** `numeric(10,2)` and the short name that the catalogue has for it. */
const shortNames: Readonly<Record<string, string>> = {
  bigint: 'int8',
  integer: 'int4',
  smallint: 'int2',
  'character varying': 'varchar',
  real: 'float4',
  'double precision': 'float8',
  'timestamp without time zone': 'timestamp',
  boolean: 'bool',
}
const shortName = (type: string) => {
  const bare = type.replace(/\(.*?\)/, '')
  return shortNames[bare] ?? bare
}

const common = (name: string, type: string) => ({
  ...{ name, type, typeName: shortName(type), typeKind: 'b', elementName: null, elementKind: null },
  ...{ isNotNull: false, isGenerated: false, hasDefault: false, isToastable: false },
})

export const sourceColumn = (
  number: number,
  name: string,
  type: string,
  more: Partial<SourceColumn> = {},
): SourceColumn => ({ ...common(name, type), number, missing: null, ...more })

export const landingColumn = (
  number: number,
  name: string,
  type: string,
  more: Partial<LandingColumn> = {},
): LandingColumn => ({ ...common(name, type), number, isKey: number === 1, views: [], ...more })

export const orders = (columns: readonly SourceColumn[], more: Partial<SourceTable> = {}): SourceTable => ({
  ...{ oid: '7', schema: 'shop', table: 'Orders', fileNode: '70', isEmpty: false, isTruncateGuarded: true },
  columns,
  ...more,
})

export const landing = (columns: readonly LandingColumn[]): LandingTable => ({
  ...{ schema: 'public', table: 'Orders', columns },
})

/** As it was when source and landing had the same columns, one after the other. */
export const known = (
  columns: readonly (readonly [name: string, type: string])[],
  more: Partial<KnownTable> = {},
): KnownTable => ({
  ...{ source: 'shop-source', oid: '7', fileNode: '70' },
  ...{ table: { schema: 'shop', table: 'Orders' }, landing: { schema: 'public', table: 'Orders' } },
  columns: columns.map(([name, type], index) => ({
    ...{ number: index + 1, landing: index + 1, isGone: false },
    ...{ name, type },
  })),
  ...more,
})

export const asked = (
  now: SourceTable,
  here: LandingTable,
  before: KnownTable | undefined,
): DecideOptions => ({
  ...{ source: 'shop-source', now, landing: here, before, isFolded: false, isLeftOut: () => false },
})
