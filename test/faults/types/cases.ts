/** Values of every type that arrives exactly, each as SQL that casts to the type. */
export interface TypeCase {
  /** Its column in the test's tables. */
  readonly column: string
  /** As a column of the source is declared. */
  readonly type: string
  readonly values: readonly string[]
  /** What is special about the values, for the page. */
  readonly shows?: string
  /** Every stack test shows it, too, not the fault test alone. */
  readonly isCore?: boolean
}

const moments = [
  ...[
    '2026-01-05 10:00:00.123456',
    '1970-01-01 00:00:00',
    '1969-12-31 23:59:59.999999',
    '1582-10-04 00:00:00',
  ],
  ...[
    '1582-10-15 12:00:00',
    '0001-01-01 00:00:00',
    '0044-03-15 12:00:00.000001 BC',
    '4713-01-01 00:00:00 BC',
  ],
  ...['9999-12-31 23:59:59.999999', '290000-01-01 00:00:00', 'infinity', '-infinity'],
]
const inUtc = (moment: string) => (moment.endsWith('infinity') ? moment : moment.replace(/( BC)?$/, '+00$1'))

const core = (cases: readonly TypeCase[]) => cases.map(one => ({ ...one, isCore: true }))

export const numbers: readonly TypeCase[] = core([
  { column: 'bool', type: 'boolean', values: ['t', 'f'] },
  { column: 'int2', type: 'smallint', values: ['-32768', '32767'] },
  { column: 'int4', type: 'integer', values: ['-2147483648', '2147483647'] },
  {
    column: 'int8',
    type: 'bigint',
    values: ['-9223372036854775808', '9223372036854775807', '9007199254740993'],
  },
  {
    ...{ column: 'float4', type: 'real', shows: 'NaN, infinities, -0, the smallest and the largest' },
    values: ['1.5', '0.1', 'NaN', 'Infinity', '-Infinity', '1e-45', '3.4028235e38', '-0', '16777217'],
  },
  {
    ...{
      column: 'float8',
      type: 'double precision',
      shows: 'NaN, infinities, -0, the smallest and the largest',
    },
    values: [
      '0.1',
      'NaN',
      'Infinity',
      '-Infinity',
      '5e-324',
      '1.7976931348623157e308',
      '-0',
      '0.30000000000000004',
    ],
  },
  {
    ...{ column: 'numeric', type: 'numeric', shows: '40 digits, zeros at the end, NaN' },
    values: [
      '0',
      '1.10',
      '-1234567890123456789012345678901234567890.0123456789',
      'NaN',
      '1e100',
      '1e-100',
      '100',
    ],
  },
  {
    ...{ column: 'numeric_scale', type: 'numeric(45,5)', shows: '40 digits before the point, NaN' },
    values: ['1234567890123456789012345678901234567890.12345', '-0.1', 'NaN'],
  },
  {
    column: 'numeric_whole',
    type: 'numeric(40,0)',
    values: ['1234567890123456789012345678901234567890', 'NaN'],
  },
])

export const texts: readonly TypeCase[] = core([
  {
    ...{ column: 'text', type: 'text', shows: 'empty beside NULL, quotes, unicode, control characters' },
    values: ['', 'a', ' a ', `Zürich 🙂 "q" 's' \\ \n\t`, 'NULL', '{}', '\u0001'],
  },
  { column: 'varchar', type: 'character varying(40)', values: ['', `é"'`] },
  { column: 'bpchar', type: 'character(8)', values: ['', 'ab', '  ab'] },
  { column: 'uuid', type: 'uuid', values: ['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'] },
  { column: 'enum', type: 'mood', values: ['sad', `it's "ok"`, 'größe'] },
  {
    ...{ column: 'json', type: 'json', shows: 'spaces, order and repeated keys as written' },
    values: ['{"b": 1.0, "a": [1,  2], "a": null}', '[]', 'null', '1e400', '{"é": "🙂\\u0000"}'],
  },
  {
    ...{ column: 'jsonb', type: 'jsonb' },
    values: ['{"b": 1.0, "a": [1, 2]}', 'null', '1.00', '"ü"', '123456789012345678901234567890.123'],
  },
  { column: 'bytea', type: 'bytea', values: ['\\x', '\\x00', '\\x00ff80'] },
  { column: 'text_list', type: 'text[]', values: ['{}', '{NULL}', '{a,"b,c","d\\"e",NULL,"NULL","",ü}'] },
  { column: 'int_list', type: 'integer[]', values: ['{}', '{1,NULL,-3}'] },
])

export const times: readonly TypeCase[] = core([
  {
    ...{ column: 'date', type: 'date', shows: 'infinities; years before Christ: see below' },
    values: [
      '2026-01-05',
      '1582-10-04',
      '1582-10-15',
      '0001-01-01',
      '9999-12-31',
      '5874897-12-31',
      'infinity',
      '-infinity',
    ],
  },
  {
    ...{ column: 'time', type: 'time', shows: 'microseconds, 24:00' },
    values: ['00:00:00', '23:59:59.999999', '24:00:00', '10:00', '00:00:00.000001'],
  },
  { column: 'timestamp', type: 'timestamp', values: moments, shows: 'microseconds, BC, infinities' },
  {
    column: 'timestamptz',
    type: 'timestamptz',
    values: moments.map(inUtc),
    shows: 'microseconds, BC, infinities',
  },
  {
    ...{ column: 'timestamptz_ms', type: 'timestamptz(3)' },
    values: ['2026-01-05 10:00:00.100+00', '0044-03-15 12:00:00.001+00 BC', 'infinity'],
  },
])

export const domains: readonly TypeCase[] = core([
  { column: 'd_int', type: 'd_int', values: ['5'], shows: 'a domain over integer' },
  { column: 'd_num', type: 'd_num', values: ['1.50', 'NaN'], shows: 'a domain over numeric(10,2)' },
  { column: 'd_own', type: 'd_own', values: ['1.50'], shows: 'a domain over a domain' },
  { column: 'd_text', type: 'd_text', values: ['', 'x'], shows: 'a domain over text' },
  {
    column: 'd_moment',
    type: 'd_moment',
    values: ['infinity', '0044-03-15 12:00:00.000001+00 BC'],
    shows: 'a domain over timestamptz',
  },
  { column: 'd_mood', type: 'd_mood', values: ['sad', 'größe'], shows: 'a domain over an enum' },
  { column: 'd_texts', type: 'd_texts', values: ['{a,NULL}'], shows: 'a domain over text[]' },
  { column: 'd_json', type: 'd_json', values: ['{"a": 1}'], shows: 'a domain over jsonb' },
])

export const others: readonly TypeCase[] = [
  { column: 'char', type: '"char"', values: ['a', ''] },
  { column: 'name', type: 'name', values: ['pg"x'] },
  { column: 'oid', type: 'oid', values: ['4294967295', '0'] },
  { column: 'money', type: 'money', values: ['$12.50', '-$1,234,567.89', '92233720368547758.07'] },
  {
    ...{ column: 'interval', type: 'interval', shows: 'months, days and seconds apart, mixed signs' },
    values: [
      '1 year 2 mons 3 days 04:05:06.789',
      '30 days',
      '-1 mon +1 day -00:00:01',
      '1 day -1 hour',
      '-00:00:00.000001',
      '178000000 years',
      '0',
    ],
  },
  { column: 'bit1', type: 'bit(1)', values: ['1', '0'] },
  { column: 'bit12', type: 'bit(12)', values: ['000000000001', '100000000001'] },
  { column: 'inet', type: 'inet', values: ['192.168.1.5', '192.168.1.5/24', '::1', '2001:db8::/32'] },
  { column: 'cidr', type: 'cidr', values: ['192.168.0.0/16', '2001:db8::/32'] },
  { column: 'macaddr', type: 'macaddr', values: ['08:00:2b:01:02:03'] },
  { column: 'macaddr8', type: 'macaddr8', values: ['08:00:2b:01:02:03:04:05'] },
  { column: 'xml', type: 'xml', values: ['<a b="ü">x &amp; y</a>', 'text <b/>'] },
  { column: 'int4range', type: 'int4range', values: ['[1,5)', 'empty', '(,)'] },
  { column: 'int8range', type: 'int8range', values: ['[1,5)'] },
  { column: 'numrange', type: 'numrange', values: ['[1.5,2.50]', '(,1)'] },
  {
    column: 'tsrange',
    type: 'tsrange',
    values: ['["2026-01-05 10:00","2026-01-06 00:00:00.5")', '(-infinity,infinity)'],
  },
  { column: 'tstzrange', type: 'tstzrange', values: ['["2026-01-05 10:00+00","2026-01-06 00:00:00.5+00")'] },
  { column: 'daterange', type: 'daterange', values: ['[2026-01-05,2026-02-01)', '[,infinity)'] },
  {
    column: 'hstore',
    type: 'hstore',
    values: ['"a"=>"1", "b"=>NULL', '', '"q\\"x"=>"ü, =>"'],
    shows: 'NULL, quotes',
  },
  { column: 'citext', type: 'citext', values: ['Ann', ''] },
  { column: 'ltree', type: 'ltree', values: ['a.b.c', ''] },
  { column: 'bool_list', type: 'boolean[]', values: ['{}', '{t,NULL,f}'] },
  { column: 'int2_list', type: 'smallint[]', values: ['{1,NULL}'] },
  { column: 'int8_list', type: 'bigint[]', values: ['{9223372036854775807,NULL}'] },
  { column: 'oid_list', type: 'oid[]', values: ['{5}'] },
  {
    column: 'numeric_list',
    type: 'numeric[]',
    values: ['{}', '{1.10,NULL,1234567890123456789012345678901234567890}'],
  },
  { column: 'numeric_scale_list', type: 'numeric(10,2)[]', values: ['{1.10,NULL}'] },
  { column: 'varchar_list', type: 'character varying(5)[]', values: ['{a,"b,c",NULL}'] },
  { column: 'bpchar_list', type: 'character(3)[]', values: ['{a,NULL}'] },
  { column: 'char_list', type: '"char"[]', values: ['{a}'] },
  { column: 'citext_list', type: 'citext[]', values: ['{Ann,NULL}'] },
  { column: 'uuid_list', type: 'uuid[]', values: ['{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11,NULL}'] },
  { column: 'json_list', type: 'json[]', values: ['{"{\\"a\\":  1}",NULL}'] },
  { column: 'jsonb_list', type: 'jsonb[]', values: ['{"{\\"a\\": 1}",NULL}'] },
  { column: 'inet_list', type: 'inet[]', values: ['{}', '{::1,10.0.0.0/8,NULL}'] },
  { column: 'cidr_list', type: 'cidr[]', values: ['{10.0.0.0/8,NULL}'] },
]

export const acceptedCases: readonly TypeCase[] = [...numbers, ...texts, ...times, ...domains, ...others]

/** Types of the cases that a database does not have by itself. */
export const ownTypes = `
  create extension if not exists hstore; create extension if not exists citext; create extension if not exists ltree;
  create type mood as enum ('sad', 'it''s "ok"', 'größe');
  create type pair as (a int, b text);
  create type hours as range (subtype = time);
  create domain d_int as int check (value > -1000);
  create domain d_num as numeric(10,2);
  create domain d_own as d_num;
  create domain d_text as text;
  create domain d_moment as timestamptz;
  create domain d_mood as mood;
  create domain d_texts as text[];
  create domain d_json as jsonb`

/** What the warehouse must have for columns of these types; everything else is Postgres' own. */
export const warehouseTypes =
  'create extension if not exists hstore; create extension if not exists citext; create extension if not exists ltree'

export const refusedTypes: readonly string[] = [
  ...[
    'timetz',
    'bit varying',
    'bit varying(1)',
    'tsvector',
    'tsquery',
    'jsonpath',
    'xid8',
    'pg_lsn',
    'regclass',
    'lquery',
  ],
  ...[
    'point',
    'line',
    'lseg',
    'box',
    'path',
    'polygon',
    'circle',
    'int4multirange',
    'tstzmultirange',
    'hours',
    'pair',
  ],
  ...[
    'real[]',
    'double precision[]',
    'date[]',
    'time[]',
    'timetz[]',
    'timestamp[]',
    'timestamptz[]',
    'bytea[]',
    'bit(3)[]',
  ],
  ...[
    'interval[]',
    'money[]',
    'xml[]',
    'point[]',
    'bit varying[]',
    'name[]',
    'macaddr[]',
    'macaddr8[]',
    'int4range[]',
  ],
  ...[
    'int8range[]',
    'numrange[]',
    'tsrange[]',
    'tstzrange[]',
    'daterange[]',
    'hstore[]',
    'ltree[]',
    'tsvector[]',
    'mood[]',
    'd_int[]',
    'pair[]',
  ],
]
