import { randomBytes } from 'node:crypto'
import { waitFor } from '../../control/system/retry.ts'
import type { Arm } from './arms/arm.ts'
import { openConnectors } from './arms/open-connectors.ts'
import { openLogical } from './arms/open-logical.ts'
import type { Pipeline } from './arms/pipeline.ts'
import { readLatency, writeSteadily } from './latency.ts'
import { type Load, type LoadTable, markers } from './loads/load.ts'
import type { Latency, Measurement } from './measurement.ts'
import type { BenchStack } from './open-bench-stack.ts'
import { untilEqual } from './until-equal.ts'
import { cpuSeconds, difference, peakMegabytes, resetPeaks } from './usage.ts'

/** What an arm took, without who, when and where. */
export type Taken = Pick<Measurement, 'seconds' | 'cpuSeconds' | 'peakMegabytes' | 'latencyMs'>

const deadlineMs = 900_000

/** Makes the tables, runs the load through the arm until both sides agree, and leaves nothing behind. */
export async function measure(stack: BenchStack, arm: Arm, load: Load): Promise<Taken> {
  const id = `bench_${randomBytes(3).toString('hex')}`
  await makeTables(stack, load.tables)
  const options = { id, tables: load.tables }
  try {
    await using pipeline =
      arm.kind === 'logical' ? openLogical(stack, options) : await openConnectors(stack, arm, options)
    return await take(stack, pipeline, load)
  } finally {
    await dropTables(stack, load.tables)
  }
}

async function take(stack: BenchStack, pipeline: Pipeline, load: Load): Promise<Taken> {
  if (load.kind === 'snapshot') {
    for (const sql of load.fill) await stack.source.query(sql)
    // Before the vacuum, which makes room for it elsewhere: the row is to be the last on disk, where copies end.
    await mark(stack, load.tables, markers.last)
    await settle(stack, load.tables)
    return timed(stack, pipeline, { tables: load.tables, begin: () => pipeline.start() })
  }
  for (const sql of load.kind === 'backlog' ? load.fill : []) await stack.source.query(sql)
  await untilStreaming(stack, pipeline, load.tables)
  if (load.kind === 'latency') {
    let firstId = 0
    const begin = async () => {
      firstId = await writeSteadily(stack.openSource, load)
      await mark(stack, load.tables, markers.last)
    }
    const taken = await timed(stack, pipeline, { tables: load.tables, begin })
    const latencyMs: Latency = await readLatency(stack.warehouse, firstId)
    return { ...taken, latencyMs }
  }
  await pipeline.pause()
  await Promise.all(
    load.writers.map(async sql => {
      await using session = await stack.openSource()
      await session.query(sql)
    }),
  )
  await mark(stack, load.tables, markers.last)
  return timed(stack, pipeline, { tables: load.tables, begin: () => pipeline.resume() })
}

interface Timing {
  readonly tables: readonly LoadTable[]
  readonly begin: () => Promise<void>
}

async function timed(stack: BenchStack, pipeline: Pipeline, { tables, begin }: Timing): Promise<Taken> {
  const { connect = [], brokers = [] } = stack.processes
  // The files of the load are on disk before the clock runs, whoever wrote them.
  for (const database of [stack.source, stack.warehouse]) await database.query('checkpoint')
  resetPeaks([...connect, ...brokers])
  const before = cpuSeconds(stack.processes)
  const startedAt = performance.now()
  await begin()
  const endedAt = await untilEqual(stack, { tables, check: pipeline.check, deadlineMs, signal: stack.signal })
  return {
    seconds: (endedAt - startedAt) / 1000,
    cpuSeconds: difference(cpuSeconds(stack.processes), before),
    peakMegabytes: { connect: peakMegabytes(connect), brokers: peakMegabytes(brokers) },
  }
}

/** The copy is done, and a change that came after it has arrived, too. */
async function untilStreaming(
  stack: BenchStack,
  pipeline: Pipeline,
  tables: readonly LoadTable[],
): Promise<void> {
  await mark(stack, tables, markers.snapshot)
  await pipeline.start()
  await untilMarked(stack, pipeline, { tables, marker: markers.snapshot })
  await mark(stack, tables, markers.stream)
  await untilMarked(stack, pipeline, { tables, marker: markers.stream })
}

async function untilMarked(
  { warehouse, signal }: BenchStack,
  pipeline: Pipeline,
  { tables, marker }: { readonly tables: readonly LoadTable[]; readonly marker: number },
): Promise<void> {
  const landed = tables.map(({ name }) => `select from ${name} where id = ${marker}`).join(' union all ')
  const look = async () => {
    await pipeline.check()
    const { rows } = await warehouse.query(landed)
    return rows.length === tables.length
      ? { done: true as const }
      : { pending: `${rows.length} of ${tables.length}` }
  }
  await waitFor(look, { what: `row ${marker} to land`, deadlineMs, intervalMs: 100, signal })
}

async function mark({ source }: BenchStack, tables: readonly LoadTable[], marker: number): Promise<void> {
  for (const { name, rowOf } of tables)
    await source.query(`insert into ${name} select ${rowOf(`(${marker})::bigint`)}`)
}

async function makeTables(stack: BenchStack, tables: readonly LoadTable[]): Promise<void> {
  await dropTables(stack, tables)
  for (const { name, columns, landedColumns, hasFullIdentity } of tables) {
    await stack.source.query(`create table ${name} (${columns})`)
    if (hasFullIdentity) await stack.source.query(`alter table ${name} replica identity full`)
    await stack.warehouse.query(
      `create table ${name} (${[columns, landedColumns].filter(Boolean).join(', ')})`,
    )
  }
}

/** What the server would do in the middle of a measurement otherwise. */
async function settle({ source }: BenchStack, tables: readonly LoadTable[]): Promise<void> {
  for (const { name } of tables) await source.query(`vacuum analyze ${name}`)
}

async function dropTables(stack: BenchStack, tables: readonly LoadTable[]): Promise<void> {
  const names = tables.map(({ name }) => name).join(', ')
  for (const database of [stack.warehouse, stack.source])
    await database.query(`drop table if exists ${names}`)
}
