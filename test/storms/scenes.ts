import type { Database } from '../../control/database/connect.ts'

/** Tables of an application's own, with what the two shipped ones do not show. */
export const sceneTables = {
  'community-db': {
    papers: 'id bigint primary key, n int not null default 0, body text, doc jsonb, words text[]',
    ledger: 'account int, entry text, amount numeric(20,4) not null, primary key (account, entry)',
    parents: 'id bigint primary key, name text',
    children: 'id bigint primary key, parent bigint not null references parents on delete cascade',
    cleared: 'id bigint primary key, name text',
  },
  'sites-db': {
    parcels: 'id uuid primary key default gen_random_uuid(), status text not null, at timestamptz not null',
  },
} as const

export type SceneSource = keyof typeof sceneTables

export interface Stage {
  readonly database: Database
  /** A second session, for what interleaves. */
  readonly other: Database
  /** A whole number from 1 to the limit. */
  upTo(limit: number): number
}

/** One thing that an application does, in a transaction or two; it can be done over and over, in any order. */
export type Scene = (stage: Stage) => Promise<void>

/** About 50 kB that do not compress: kept apart from its row. */
const long = "(select string_agg(md5((i * random())::text), '') from generate_series(1, 1500) i)"

const inOne = (...statements: readonly string[]) => ['begin', ...statements, 'commit'].join('; ')

const says =
  (text: (upTo: Stage['upTo']) => string): Scene =>
  async ({ database, upTo }) => {
    await database.query(text(upTo))
  }

const community: readonly Scene[] = [
  // A long value that stays as it is while its neighbour changes, and one that changes.
  says(
    upTo => `insert into papers values (${upTo(40)}, 0, ${long}, '{"a": [1, null]}', array['x', null, 'y,z'])
             on conflict (id) do update set n = papers.n + 1`,
  ),
  says(upTo => `update papers set n = n + 1 where id = ${upTo(40)}`),
  says(upTo => `update papers set body = ${long} where id = ${upTo(40)}`),
  says(upTo => `update papers set doc = null where id = ${upTo(40)}`),
  // Gone and back in one transaction; gone for good.
  says(upTo => {
    const id = upTo(40)
    return inOne(`delete from papers where id = ${id}`, `insert into papers values (${id}, 0, 'again')`)
  }),
  says(upTo => `delete from papers where id = ${upTo(40)}`),
  // A key of two columns: new entries, other keys, a swap.
  says(
    upTo => `insert into ledger values (${upTo(5)}, 'e-${upTo(30)}', ${upTo(1000)}.5)
             on conflict (account, entry) do update set amount = excluded.amount + 0.0001`,
  ),
  says(upTo => {
    const [from, to] = [upTo(30), upTo(30)]
    return inOne(
      `delete from ledger where account = 1 and entry = 'e-${to}' and '${from}' <> '${to}'`,
      `update ledger set entry = 'e-${to}' where account = 1 and entry = 'e-${from}'`,
    )
  }),
  says(() =>
    inOne(
      `update ledger set account = -1 where account = 2`,
      `update ledger set account = 2 where account = 3`,
      `update ledger set account = 3 where account = -1`,
    ),
  ),
  // Undone, whole and in part.
  says(upTo => `begin; update ledger set amount = 0; delete from papers where id = ${upTo(40)}; rollback`),
  says(upTo =>
    inOne(
      `update papers set n = n + 1 where id = ${upTo(40)}`,
      'savepoint s',
      'delete from papers',
      'rollback to savepoint s',
    ),
  ),
  // What hangs on a row goes with it.
  says(upTo => {
    const id = upTo(10)
    return inOne(
      `insert into parents values (${id}, 'p') on conflict do nothing`,
      `insert into children select ${id} * 1000 + n, ${id} from generate_series(1, 20) n on conflict do nothing`,
    )
  }),
  says(upTo => `delete from parents where id = ${upTo(10)}`),
  says(upTo => inOne('truncate cleared', `insert into cleared values (${upTo(9)}, 'after')`)),
  says(
    upTo =>
      `insert into cleared select n, 'x' from generate_series(${upTo(50)}, 100) n on conflict (id) do update set name = 'y'`,
  ),
  interleaved,
]

/** The one that began and wrote first commits last; both write rows of one table in turn. */
async function interleaved({ database, other, upTo }: Stage): Promise<void> {
  const entry = `i-${upTo(5)}`
  const write = (on: Database, account: number, amount: number) =>
    on.query(
      `insert into ledger values (${account}, '${entry}', ${amount})
       on conflict (account, entry) do update set amount = ledger.amount + excluded.amount`,
    )
  await database.query('begin')
  await other.query('begin')
  await write(database, 11, 1)
  await write(other, 12, 2)
  await write(database, 13, 3)
  await write(other, 14, 4)
  await other.query('commit')
  await database.query('commit')
}

const sites: readonly Scene[] = [
  says(upTo => `insert into parcels (status, at) select 'new', now() from generate_series(1, ${upTo(5)})`),
  says(
    () =>
      `update parcels set status = status || '.', at = now() where id = (select min(id::text)::uuid from parcels)`,
  ),
  says(() => `delete from parcels where id = (select max(id::text)::uuid from parcels)`),
  says(() => {
    const one = '(select id from parcels order by at, id limit 1)'
    return `with gone as (delete from parcels where id = ${one} returning *)
            insert into parcels (status, at) select status, at from gone`
  }),
]

export const scenes: Readonly<Record<SceneSource, readonly Scene[]>> = {
  'community-db': community,
  'sites-db': sites,
}

/** Thousands of rows in one transaction: more than one batch of the source and of the sink. */
export const largeScene: Scene = async ({ database, upTo }) => {
  const size = 2_000 + upTo(4_000)
  await database.query(
    inOne(
      `insert into parcels (status, at) select 'large', now() - n * interval '1 ms' from generate_series(1, ${size}) n`,
      `update parcels set status = 'large, changed' where status = 'large'`,
      `delete from parcels where status = 'large, changed' and id::text < '8'`,
    ),
  )
}
