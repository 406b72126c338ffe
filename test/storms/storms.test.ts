import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Ground, openGround, withoutExpectations } from '../faults/faults/ground.ts'
import { startWriter } from '../faults/load/writer.ts'
import { flows, openAs } from '../faults/tables.ts'
import { compareRows } from '../support/compare-rows.ts'
import { createTestStack, eventually, type TestStack } from '../support/trib.ts'
import { drawStorm, nameOf } from './draw-storm.ts'
import { createOperator } from './operator.ts'
import { startPlay } from './play.ts'
import { commitUnderTest, keepResult, keptResults } from './results.ts'
import { type SceneSource, sceneTables } from './scenes.ts'
import { parseSeeds } from './seeds.ts'
import { endure } from './weather.ts'

const sources = Object.keys(sceneTables) as SceneSource[]
const connectorOf: Readonly<Record<SceneSource, string>> = {
  'community-db': 'community-source',
  'sites-db': 'sites-source',
}
/** Every table with the key of its rows: what must be equal when a storm is over. */
const comparedTables = [
  ...flows.map(({ source, table }) => ({ source, table, keys: ['id'] })),
  ...sources.flatMap(source =>
    Object.keys(sceneTables[source]).map(table => ({
      ...{ source, table },
      keys: table === 'ledger' ? ['account', 'entry'] : ['id'],
    })),
  ),
]

const wanted = parseSeeds(process.env['STORM_SEEDS'] ?? '1-8')
const isKept = process.env['STORM_RESUME'] === 'yes'
const commit = isKept ? commitUnderTest() : undefined
if (isKept && !commit) throw new Error('results are kept for a commit: commit what was changed first')
const done = new Set(commit ? keptResults(commit).map(({ seed }) => seed) : [])
const seeds = wanted.filter(seed => !done.has(seed))

const profiles = ['--profile', 'two-workers']

let stack: TestStack
let ground: Ground
let isWhole = false

/** A stack of its own as it is shipped: the console restarts what a restart mends. */
async function openStack(): Promise<void> {
  await stack?.[Symbol.asyncDispose]()
  stack = createTestStack({ GENERATOR_HISTORY: '500', GENERATOR_RATE: '0.001', CONSOLE_RESTARTS: 'true' })
  const { code, stderr } = await stack.trib(['up', '--engine', 'native', ...profiles])
  if (code !== 0) throw new Error(stderr)
  for (const source of sources) {
    await using database = await openAs(stack, source, 'postgres')
    for (const [name, columns] of Object.entries(sceneTables[source]))
      await database.query(`create table public.${name} (${columns})`)
    const names = Object.keys(sceneTables[source]).map(name => `public.${name}`)
    const added = await stack.trib(['add', 'table', connectorOf[source], ...names, '--yes'])
    if (added.code !== 0) throw new Error(added.stderr)
  }
  ground = withoutExpectations(await openGround(stack))
}

/** After a storm that was not endured the next one would say nothing. */
beforeEach(async () => {
  if (!isWhole) await openStack()
}, 120_000)

beforeAll(() => {
  if (isKept) tell({ commit, done: done.size, left: seeds.length })
})

afterAll(async () => {
  await stack?.[Symbol.asyncDispose]()
})

for (const storm of seeds.map(drawStorm)) {
  test(nameOf(storm), async () => {
    isWhole = false
    const begunAt = performance.now()
    const operator = createOperator(stack, profiles)
    const writers = flows.map(flow =>
      startWriter({ ...flow, seed: storm.seed, open: () => openAs(stack, flow.source, 'generator') }),
    )
    const plays = sources.map(source =>
      startPlay({ source, seed: storm.seed, open: () => openAs(stack, source, 'postgres') }),
    )
    try {
      const met = await endure(storm, { ground, writers, operator })
      const played = await Promise.all(plays.map(play => play.end()))
      await Promise.all(writers.map(writer => writer.pause()))
      const rows = await untilAllEqual()
      for (const writer of writers) expect(await writer.broken()).toEqual([])

      const result = {
        ...{ seed: storm.seed, seconds: Math.round((performance.now() - begunAt) / 1000), met },
        committed: total(writers.map(writer => writer.total().committed)),
        rolledBack: total(writers.map(writer => writer.total().rolledBack)),
        scenes: total(played.map(one => one.played)),
        ...{ rows, operator: operator.log },
      }
      tell(result)
      if (commit) keepResult(commit, result)
      isWhole = true
    } catch (error) {
      tell({
        ...{ seed: storm.seed, blows: storm.blows.map(describeBlow), operator: operator.log },
        error: error instanceof Error ? error.message : String(error),
      })
      throw error
    } finally {
      await Promise.allSettled(plays.map(play => play.end()))
      await Promise.all(writers.map(writer => writer[Symbol.asyncDispose]()))
    }
  })
}

if (seeds.length === 0) {
  test('every seed has passed at this commit', () => {
    expect([...done]).toEqual(expect.arrayContaining([...wanted]))
  })
}

/** Every column of every row of every table, compared here; gives how many rows that were. */
async function untilAllEqual(): Promise<number> {
  await using warehouse = await openAs(stack, 'warehouse', 'postgres')
  let rows = 0
  for (const { source, table, keys } of comparedTables) {
    await using database = await openAs(stack, source, 'postgres')
    let told: readonly string[] = []
    rows += await eventually(
      `${table} to be equal on both sides`,
      async () => {
        const compared = await compareRows(database, warehouse, { table, keys })
        told = compared.told
        return told.length === 0 ? compared.rows : undefined
      },
      { deadlineMs: 60_000, intervalMs: 200 },
    ).catch(error => {
      throw new Error([error.message, ...told].join('\n'), { cause: error })
    })
  }
  return rows
}

const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0)

const describeBlow = ({ fault, afterMs, isOnTop }: ReturnType<typeof drawStorm>['blows'][number]) =>
  `${isOnTop ? 'meanwhile, ' : ''}after ${afterMs} ms: ${fault.name}`

/** Past the reporter, which would print a heading for each line. */
const tell = (what: unknown) => void process.stdout.write(`${JSON.stringify(what)}\n`)
