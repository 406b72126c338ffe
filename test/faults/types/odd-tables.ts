/** Tables that are odd in another way than by a type: names, keys, size. */
export interface OddTable {
  readonly table: string
  /** Where it lands: Kafka's topics take no letters outside ASCII. */
  readonly landsIn: string
  readonly shows: string
  readonly create: string
  readonly before: readonly string[]
  readonly after: readonly string[]
  /** Order by these. */
  readonly key: string
  readonly isCore: boolean
}

export const oddTables: readonly OddTable[] = [
  {
    ...{ table: 'Names', landsIn: 'Names', key: '"Größe", "UPPER"', isCore: true },
    shows:
      'capitals, letters outside ASCII, a single quote, a space, a dot and a comma in the names of columns; quotes in a key of two',
    create: `create table "Names" ("Größe" text, "UPPER" int, "it's" text, "with space" text, "a.b" text, "a,b" int,
      primary key ("Größe", "UPPER"))`,
    before: [`insert into "Names" values ('ß "q"', 1, 'a', 'b', 'c', 1), ('', 2, '', null, 'x', null)`],
    after: [
      `insert into "Names" values ('🙂', 1, 'a', 'b', 'c', 1)`,
      `update "Names" set "it's" = 'it''s' where "UPPER" = 1`,
      `delete from "Names" where "UPPER" = 2`,
    ],
  },
  {
    ...{ table: 'Grüße', landsIn: 'Gr__e', key: 'id', isCore: true },
    shows: 'letters outside ASCII in the name of a table, which lands with _ in their place',
    create: 'create table "Grüße" (id int primary key, v text)',
    before: [`insert into "Grüße" values (1, 'a')`],
    after: [`insert into "Grüße" values (2, 'b')`, `update "Grüße" set v = 'c' where id = 1`],
  },
  {
    ...{
      table: 'Keys',
      landsIn: 'Keys',
      key: 'k_uuid, k_text, k_numeric, k_moment, k_date, k_bool',
      isCore: true,
    },
    shows: 'a key of uuid, text, numeric, timestamptz, date and boolean: insert, update, delete',
    create: `create table "Keys" (k_uuid uuid, k_text text, k_numeric numeric, k_moment timestamptz, k_date date, k_bool boolean,
      v int, primary key (k_uuid, k_text, k_numeric, k_moment, k_date, k_bool))`,
    before: [
      `insert into "Keys" select 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', t, n, m, '2026-01-05', true, 1
       from unnest(array['', 'é''"']) as t, unnest(array[1.5, 12345678901234567890123.5]) as n,
         unnest(array[timestamptz '2026-01-05 10:00:00.123456+00', 'infinity']) as m`,
    ],
    after: [
      `update "Keys" set v = 2 where k_text = ''`,
      `delete from "Keys" where k_numeric > 2 and k_moment = 'infinity'`,
      `insert into "Keys" select k_uuid, k_text || 'x', k_numeric, k_moment, k_date, false, 3 from "Keys"`,
    ],
  },
  {
    ...{ table: 'Large', landsIn: 'Large', key: 'id', isCore: false },
    shows: 'one byte and 5 MB of text, bytea and jsonb',
    create: 'create table "Large" (id int primary key, t text, b bytea, j jsonb)',
    before: [
      `insert into "Large" values (1, 'a', '\\x00', '1'), (2, repeat('ä', 2621440), null, null),
         (3, null, decode(repeat('00ff', 2621440), 'hex'), null), (4, null, null, to_jsonb(repeat('j', 5242880)))`,
    ],
    after: [
      `insert into "Large" select id + 10, t, b, j from "Large"`,
      `update "Large" set t = repeat('ö', 2621440), b = '\\x01', j = '2' where id = 1`,
      `update "Large" set t = '' where id = 2`,
    ],
  },
]
