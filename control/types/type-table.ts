import type { Want } from './wants.ts'
import {
  decimalsAsText,
  hstoreAsJson,
  intervalsAsText,
  microseconds,
  moneyExact,
  numbersAsText,
} from './wants.ts'

/** What the catalogue of Postgres says of a column's type; a domain is what it is made of. */
export interface PostgresType {
  /** `character varying(40)`, `bit(1)`. */
  readonly type: string
  /** `varchar`, `_int4`, `hstore`: without its length. */
  readonly typeName: string
  /** `b` base, `e` enum, `r` range, `m` multirange, `c` composite. */
  readonly typeKind: string
  /** Of an array's elements. */
  readonly elementName: string | null
  readonly elementKind: string | null
  readonly isGenerated: boolean
}

/** What becomes of a type on its way to the warehouse. */
export type Fate =
  | {
      readonly kind: 'exact'
      /** The type of its column in the warehouse. (Default: the same) */
      readonly landsAs?: string
      readonly wants?: Want
    }
  | {
      readonly kind: 'refused'
      /** What would happen, as it was seen. */
      readonly because: string
      readonly instead: string
    }

interface TypeRow {
  readonly names: readonly string[]
  readonly fate: Fate
}

const exact = (names: string, fate: Omit<Fate & { kind: 'exact' }, 'kind'> = {}): TypeRow => ({
  names: names.split(' '),
  fate: { kind: 'exact', ...fate },
})

const refused = (names: string, because: string, instead: string): TypeRow => ({
  names: names.split(' '),
  fate: { kind: 'refused', because, instead },
})

const leaveOut = 'leave the column out'

/**
 * What Debezium's source 3.7 and its JDBC sink 3.6 do with each type; what is not here is refused. Doctor, the columns
 * of landing tables and `connectors/TYPES.md` follow from these rows; `test/faults/types.test.ts` shows that what is
 * accepted arrives, and the reasons of what is refused are what was seen when it was let through.
 */
const scalars: readonly TypeRow[] = [
  exact('bool int2 int4 int8 oid text varchar bpchar char name citext uuid json jsonb xml bytea'),
  exact('inet cidr macaddr macaddr8 ltree int4range int8range numrange tsrange tstzrange daterange'),
  exact('timestamptz'),
  exact('date time timestamp', { wants: microseconds }),
  exact('float4 float8', { wants: numbersAsText }),
  exact('numeric', { wants: decimalsAsText }),
  exact('money', { wants: moneyExact }),
  exact('interval', { wants: intervalsAsText }),
  exact('hstore', { landsAs: 'jsonb', wants: hstoreAsJson }),
  exact('bit'),
  refused(
    'timetz',
    'it arrives moved to UTC',
    `${leaveOut}, or keep it as time and the name of a zone beside it`,
  ),
  refused('varbit', 'zeros before its first 1 are lost', `${leaveOut}, or keep it as text`),
  refused(
    'tsvector',
    'words that hold a space arrive changed',
    `${leaveOut}, and let the warehouse make it of the text`,
  ),
  refused(
    'point line lseg box path polygon circle',
    'the sink asks for PostGIS or does not know it, and fails',
    `${leaveOut}, or keep its numbers in columns of their own`,
  ),
]

/** Names of the elements. */
const arrays: readonly TypeRow[] = [
  exact('text varchar bpchar char citext bool int2 int4 int8 oid uuid json jsonb'),
  exact('inet cidr', { landsAs: 'text[]' }),
  exact('numeric', { landsAs: 'text[]', wants: decimalsAsText }),
  refused('float4 float8', 'NaN and infinities in it arrive as 0', `${leaveOut}, or keep it as numeric[]`),
  refused(
    'date time timetz timestamp timestamptz bytea bit',
    'the sink cannot bind it and fails',
    `${leaveOut}, or keep it as text[]`,
  ),
  refused(
    'macaddr macaddr8 int4range int8range numrange tsrange tstzrange daterange hstore',
    'the sink binds it as text and fails',
    `${leaveOut}, or keep it as text[]`,
  ),
  refused(
    'interval money xml point varbit name',
    'Debezium leaves it out without a word',
    `${leaveOut}, or keep it as text[]`,
  ),
]

const unknown: Fate = {
  kind: 'refused',
  because: 'Debezium sends its bytes, which the sink cannot write',
  instead: `${leaveOut}, or keep it as text`,
}

const unreadableElements: Fate = {
  kind: 'refused',
  because: 'Debezium cannot read its elements',
  instead: `${leaveOut}, or keep it as text[]`,
}

const generated: Fate = {
  kind: 'refused',
  because: 'it is generated, so that a snapshot sends it and a change does not: it would go stale',
  instead: `${leaveOut}, and let the warehouse generate it, too`,
}

const find = (rows: readonly TypeRow[], name: string) => rows.find(({ names }) => names.includes(name))?.fate

/** Every type that a row names; of arrays, `[]` follows. */
export const namedTypes: readonly string[] = [
  ...scalars.flatMap(({ names }) => names),
  ...arrays.flatMap(({ names }) => names.map(name => `${name}[]`)),
]

export function fateOf(column: PostgresType): Fate {
  const { type, typeName, typeKind, elementName, elementKind, isGenerated } = column
  if (isGenerated) return generated
  if (elementName !== null) {
    return (
      (elementKind === 'b' || elementKind === 'r' ? find(arrays, elementName) : undefined) ??
      unreadableElements
    )
  }
  if (typeKind === 'e') return { kind: 'exact', landsAs: 'text' }
  // Debezium turns one bit into a truth value.
  if (type === 'bit(1)') return { kind: 'exact', landsAs: 'boolean' }
  return find(scalars, typeName) ?? unknown
}

/** The type that its column in the warehouse is to have. */
export function landingType(column: PostgresType): string {
  const fate = fateOf(column)
  if (fate.kind === 'exact' && fate.landsAs !== undefined) return fate.landsAs
  return column.type
}
