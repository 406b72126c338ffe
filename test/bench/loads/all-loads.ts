import type { Load, LoadTable } from './load.ts'

/** How much of everything. */
export type Size = 'full' | 'quick'

/** As many sessions commit at once: more do not commit more on two cores. */
const sessions = 8

/** The shape of the tables that are shipped. */
const userColumns =
  'id bigint primary key, email text not null, username text not null, registration_timestamp timestamptz not null'
const userOf = (id: string) =>
  `${id}, 'user' || ${id} || '@example.org', 'user ' || ${id}, timestamptz '2026-01-01' + ${id} * interval '1 second'`
const users = (name: string): LoadTable => ({ name, columns: userColumns, rowOf: userOf })
const rows = users('bench_rows')

/** 2,560 random hexadecimal digits: long enough to be stored outside the row, as no compression makes them short. */
const bodyOf = "(select string_agg(md5(random()::text), '') from generate_series(1, 80))"

const wide: LoadTable = {
  name: 'bench_wide',
  columns: 'id bigint primary key, note text not null, body text not null',
  rowOf: id => `${id}, 'note', ${bodyOf}`,
  hasFullIdentity: true,
}

const latencyTable: LoadTable = {
  name: 'bench_latency',
  columns: 'id bigint primary key, sent_at timestamptz not null, username text not null',
  rowOf: id => `${id}, clock_timestamp(), 'user ' || ${id}`,
  landedColumns: 'landed_at timestamptz not null default clock_timestamp()',
}

const fillUsers = (table: string, count: number) =>
  `insert into ${table} select ${userOf('i')} from generate_series(1, ${count}::bigint) i`

/** A share of the numbers from 1 to `count` for each session, each in a transaction of its own. */
const oneByOne = (count: number, statement: string, perCommit = 1) =>
  Array.from({ length: sessions }, (_, session) => {
    const [from, to] = [session, session + 1].map(at => Math.floor((count * at) / sessions))
    return `do $$ begin for i in ${Number(from) + 1}..${to} loop ${statement}; if i % ${perCommit} = 0 then commit; end if; end loop; end $$`
  })

const mixed = (count: number) => {
  // Squared twice: half of the updates meet the first sixteenth of the rows.
  const skewed = `1 + floor(power(random(), 4) * ${count})::bigint`
  const statement = `
    case
      when i % 10 < 6 then update bench_rows set username = 'changed ' || i where id = (select ${skewed});
      when i % 10 < 9 then insert into bench_rows select ${userOf(`(${count} + i)::bigint`)};
      else delete from bench_rows where id = (select 1 + floor(random() * ${count})::bigint);
    end case`
  return oneByOne(count, statement)
}

/** The loads of a size; the two main ones first. */
export function loadsOf(size: Size): readonly Load[] {
  const isQuick = size === 'quick'
  const many = isQuick ? 100_000 : 1_000_000
  const backlog = isQuick ? 10_000 : 200_000
  const other = isQuick ? 10_000 : 100_000
  const rounds = isQuick ? 1 : 3
  const latency = (perSecond: number): Load => ({
    ...{ kind: 'latency', name: `latency at ${perSecond}/s`, tables: [latencyTable], rounds: 1 },
    ...{ perSecond, warmUpSeconds: isQuick ? 3 : 60, seconds: isQuick ? 7 : 60 },
    rows: perSecond * (isQuick ? 7 : 60),
    // The others' are known to be slow, and at once: no more is learned in the time of CI.
    ...(isQuick ? { arms: ['shipped'] } : {}),
  })
  const fifty = Array.from({ length: 50 }, (_, at) => users(`bench_rows_${at + 1}`))
  return [
    {
      ...{ kind: 'snapshot', name: 'snapshot', tables: [rows], rows: many, rounds },
      fill: [fillUsers('bench_rows', many)],
    },
    {
      ...{ kind: 'backlog', name: 'backlog', tables: [rows], rows: backlog, rounds, fill: [] },
      writers: oneByOne(backlog, `insert into bench_rows select ${userOf('i::bigint')}`),
    },
    latency(200),
    ...(isQuick ? [] : [latency(1_000)]),
    {
      ...{ kind: 'backlog', name: 'one transaction', tables: [rows], rows: other, rounds: 1, fill: [] },
      writers: [fillUsers('bench_rows', other)],
    },
    {
      ...{ kind: 'backlog', name: 'mixed', tables: [rows], rows: other, rounds: 1 },
      fill: [fillUsers('bench_rows', other)],
      writers: mixed(other),
    },
    {
      ...{ kind: 'backlog', name: 'wide rows', tables: [wide], rows: other, rounds: 1, fill: [] },
      // Half of the changes are updates that leave the long value as it is.
      writers: oneByOne(
        other / 2,
        `insert into bench_wide select ${wide.rowOf('i')}; update bench_wide set note = 'changed' where id = i`,
        100,
      ),
    },
    {
      ...{ kind: 'snapshot', name: '50 tables', tables: fifty, rows: other, rounds: 1 },
      fill: fifty.map(({ name }) => fillUsers(name, other / 50)),
    },
    ...(isQuick ? [] : [oneTable, fiveMillion]),
  ]
}

/** Growth: what a row costs must not depend on how many rows there are, nor much on how many tables. */
const oneTable: Load = {
  ...{ kind: 'snapshot', name: 'one table', tables: [rows], rows: 100_000, rounds: 1 },
  fill: [fillUsers('bench_rows', 100_000)],
}

const fiveMillion: Load = {
  ...{ kind: 'snapshot', name: 'five million', tables: [rows], rows: 5_000_000, rounds: 1 },
  fill: [fillUsers('bench_rows', 5_000_000)],
}

/** Code that was never run is slow: once through each arm before the first that counts. */
export const warmUpLoad: Load = {
  ...{ kind: 'snapshot', name: 'warm-up', tables: [rows], rows: 30_000, rounds: 1 },
  fill: [fillUsers('bench_rows', 30_000)],
}

/** Not part of a run of everything. */
export const onlyByName: ReadonlySet<string> = new Set(['one table', 'five million'])
