import { openAs } from '../faults/tables.ts'
import type { TestStack } from '../support/trib.ts'

/** Rows of their own that tell how long each took from its source's clock to the warehouse's: they are the same. */
export interface Probe extends AsyncDisposable {
  /** Of what has landed since the last time, in ms. */
  latencies(): Promise<readonly number[]>
}

const source = 'community-db'
const everyMs = 100

export async function startProbe(stack: TestStack): Promise<Probe> {
  const there = await openAs(stack, source, 'postgres')
  await there.query('create table public.probes (id bigint primary key, sent_at timestamptz not null)')
  const { code, stderr } = await stack.trib(['add', 'table', source, 'public.probes', '--yes'])
  if (code !== 0) throw new Error(stderr)
  const warehouse = await openAs(stack, 'warehouse', 'postgres')
  await warehouse.query(
    'alter table public.probes add column landed_at timestamptz not null default clock_timestamp()',
  )
  let isEnding = false
  let seen = 0
  const work = (async () => {
    for (let id = 1; !isEnding; id += 1) {
      await there.query(`insert into public.probes values (${id}, clock_timestamp())`)
      await new Promise(resolve => setTimeout(resolve, everyMs))
    }
  })()
  // Told when it is ended.
  work.catch(() => {})
  return {
    async latencies() {
      const { rows } = await warehouse.query<{ id: string; ms: number }>(
        `select id, (extract(epoch from landed_at - sent_at) * 1000)::float8 as ms
         from public.probes where id > $1 order by id`,
        [seen],
      )
      seen = Number(rows.at(-1)?.id ?? seen)
      return rows.map(({ ms }) => Math.round(ms))
    },
    async [Symbol.asyncDispose]() {
      isEnding = true
      await work.finally(() => there[Symbol.asyncDispose]())
      await warehouse[Symbol.asyncDispose]()
    },
  }
}
