import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Connector } from '../../control/connect/connect-api.ts'
import { readBeatRuns } from '../../control/health/beat-runs.ts'
import { leaveGapMark } from '../../control/offsets/leave-gap-mark.ts'
import { startPostgres, type TestPostgres } from '../support/postgres.ts'
import { migrateMoodle } from './moodle-sql.ts'

let postgres: TestPostgres
beforeAll(async () => {
  postgres = await startPostgres({ databases: ['community_db'] })
  await using database = await postgres.open('community_db')
  await migrateMoodle(database, 'community-db')
})
afterAll(() => postgres[Symbol.asyncDispose]())

const log = { schema: 'tributary', table: 'community_beat_log' }

/** What Debezium's heartbeat query does, at a time of the test's choice. */
async function beat(at: string): Promise<void> {
  await using database = await postgres.open('community_db')
  await database.query(
    `insert into tributary.heartbeat (source, beat_at) values ('community-db', $1)
     on conflict (source) do update set beat_at = excluded.beat_at`,
    [at],
  )
}

const at = (time: string) => Date.parse(`2026-01-05T${time}Z`)

test('beats within ten seconds are one entry, entries without a break are one run, and a pause ends it', async () => {
  for (const time of ['10:00:01', '10:00:03', '10:00:11', '10:00:29.9', '10:05:00']) {
    await beat(`2026-01-05T${time}Z`)
  }
  await using database = await postgres.open('community_db')

  expect(await readBeatRuns(database, log)).toEqual([
    { fromMs: at('10:00:00'), toMs: at('10:00:20') },
    { fromMs: at('10:05:00'), toMs: at('10:05:00') },
  ])
})

test('what is older than a day is forgotten at the next beat', async () => {
  await beat('2026-01-06T10:00:35Z')
  await using database = await postgres.open('community_db')

  expect(await readBeatRuns(database, log)).toEqual([
    { fromMs: at('10:05:00'), toMs: at('10:05:00') },
    { fromMs: at('10:00:30') + 86_400_000, toMs: at('10:00:30') + 86_400_000 },
  ])
})

test('a role that may not read the log learns nothing, and is told nothing', async () => {
  await using database = await postgres.open('community_db', { user: 'generator' })

  expect(await readBeatRuns(database, log)).toBeUndefined()
})

test('a source that begins anew forgets its last two beats, and no more where it begins once more', async () => {
  for (const time of ['12:00:00', '12:00:10', '12:00:20', '12:00:30']) await beat(`2026-01-07T${time}Z`)
  const address = { host: postgres.host, port: postgres.port, user: 'postgres', database: 'community_db' }
  const source = {
    name: 'community-source',
    config: { 'topic.prefix': 'community-db', 'table.include.list': 'tributary.community_beat_log' },
  } as Partial<Connector> as Connector
  const context = { sources: async () => ['community-db'], source: async () => address } as never

  await leaveGapMark(context, source)
  await leaveGapMark(context, source)

  await using database = await postgres.open('community_db')
  const [last] = (await readBeatRuns(database, log))?.slice(-1) ?? []
  expect(last).toEqual({
    fromMs: Date.parse('2026-01-07T12:00:00Z'),
    toMs: Date.parse('2026-01-07T12:00:10Z'),
  })
})
