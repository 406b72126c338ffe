import type { Database } from '../../../control/database/connect.ts'
import type { TestStack } from '../../support/trib.ts'
import { openAs } from '../tables.ts'

/** Rows for each unit of scale, as pgbench makes them. */
const perScale = { branches: 1, tellers: 10, accounts: 100_000 } as const

/** The four tables of pgbench, filled as `pgbench -i` does; `pgbench_history` has no key. */
export async function createTpcB(database: Database, scale: number): Promise<void> {
  await database.query(`
    create table pgbench_branches (bid int not null, bbalance int, filler char(88));
    create table pgbench_tellers (tid int not null, bid int, tbalance int, filler char(84));
    create table pgbench_accounts (aid int not null, bid int, abalance int, filler char(84));
    create table pgbench_history (tid int, bid int, aid int, delta int, mtime timestamp, filler char(22));
    insert into pgbench_branches select n, 0 from generate_series(1, ${scale * perScale.branches}) n;
    insert into pgbench_tellers select n, (n - 1) / ${perScale.tellers} + 1, 0
      from generate_series(1, ${scale * perScale.tellers}) n;
    insert into pgbench_accounts select n, (n - 1) / ${perScale.accounts} + 1, 0, ''
      from generate_series(1, ${scale * perScale.accounts}) n;
    alter table pgbench_branches add primary key (bid);
    alter table pgbench_tellers add primary key (tid);
    alter table pgbench_accounts add primary key (aid)`)
}

interface TpcBOptions {
  readonly source: string
  readonly scale: number
  /** Transactions a second. */
  readonly rate: number
  readonly seconds: number
}

/** pgbench's own transaction, by several clients, at a rate; resolves when the time is over. */
export async function runTpcB(
  stack: TestStack,
  options: TpcBOptions,
): Promise<{ readonly transactions: number }> {
  const { source, rate, seconds } = options
  const clients = 4
  const startedAt = performance.now()
  let begun = 0
  const work = async () => {
    await using database = await openAs(stack, source, 'postgres')
    for (;;) {
      const elapsed = (performance.now() - startedAt) / 1000
      if (elapsed >= seconds) return
      if (begun >= elapsed * rate) {
        await new Promise(resolve => setTimeout(resolve, 2))
        continue
      }
      begun += 1
      await database.query(transactionOf(options))
    }
  }
  await Promise.all(Array.from({ length: clients }, work))
  return { transactions: begun }
}

const upTo = (limit: number) => 1 + Math.floor(Math.random() * limit)

function transactionOf({ scale }: TpcBOptions): string {
  const [aid, tid, bid] = [upTo(scale * perScale.accounts), upTo(scale * perScale.tellers), upTo(scale)]
  const delta = upTo(10_000) - 5_000
  return `begin;
    update pgbench_accounts set abalance = abalance + ${delta} where aid = ${aid};
    select abalance from pgbench_accounts where aid = ${aid};
    update pgbench_tellers set tbalance = tbalance + ${delta} where tid = ${tid};
    update pgbench_branches set bbalance = bbalance + ${delta} where bid = ${bid};
    insert into pgbench_history (tid, bid, aid, delta, mtime) values (${tid}, ${bid}, ${aid}, ${delta}, current_timestamp);
    end`
}
