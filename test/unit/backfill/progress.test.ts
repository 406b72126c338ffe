import { expect, test } from 'vitest'
import type { Asked } from '../../../control/backfill/asked-rows.ts'
import { createCounter, progressText } from '../../../control/backfill/progress.ts'
import { readSnapshots } from '../../../control/backfill/read-snapshots.ts'

const asked = (id: string, rows: number): Asked => ({
  table: { schema: 'public', table: id },
  rows,
  id,
  at: 100n,
})
/** As a source of Debezium 3.7 stored it. */
const offsets = (lsn: number, ...ids: readonly string[]) => [
  {
    partition: { server: 'community-db' },
    offset: {
      lsn,
      ...(ids.length === 0
        ? {}
        : {
            incremental_snapshot_collections: JSON.stringify(
              ids.map(id => ({
                incremental_snapshot_collections_id: `public.${id}`,
                incremental_snapshot_collections_additional_condition: null,
                incremental_snapshot_collections_surrogate_key: null,
                incremental_snapshot_collections_correlation_id: id,
              })),
            ),
          }),
    },
  },
]
const counter = (...tables: readonly Asked[]) => {
  const count = createCounter(tables, {
    chunkRows: 1_000,
    first: { stored: readSnapshots(offsets(90)), chunks: 7, atMs: 0 },
  })
  return (seconds: number, chunks: number, stored: ReturnType<typeof offsets>) =>
    count({ stored: readSnapshots(stored), chunks, atMs: seconds * 1_000 })
}

test('chunks are rows, and rows a second tell the time that is left', () => {
  const look = counter(asked('a', 10_000))
  expect(progressText(look(1, 9, offsets(110, 'a')))).toBe(
    'public.a: 2,000 of 10,000 rows, 2,000 rows/s, 4 s left',
  )
  expect(look(2, 11, offsets(120, 'a'))).toMatchObject({ rows: 4_000, isDone: false })
})

test('it is done when the connector has come beyond the question, and no longer keeps it', () => {
  const look = counter(asked('a', 10_000))
  expect(look(1, 7, offsets(95)).isDone).toBe(false)
  expect(look(2, 9, offsets(110, 'a')).isDone).toBe(false)
  expect(look(3, 18, offsets(130))).toMatchObject({ isDone: true, rows: 10_000 })
})

test('a table is never further than its own rows, and those before it are through', () => {
  const look = counter(asked('a', 1_500), asked('b', 5_000))
  expect(look(1, 12, offsets(110, 'a', 'b'))).toMatchObject({ current: 'public.a', rows: 1_500 })
  expect(look(2, 12, offsets(120, 'b'))).toMatchObject({ current: 'public.b', rows: 1_500, total: 6_500 })
  expect(look(3, 14, offsets(130, 'b'))).toMatchObject({ rows: 3_500 })
})

test('what others asked for is not ours to wait for', () => {
  const look = counter(asked('a', 10))
  expect(look(1, 8, offsets(110, 'other'))).toMatchObject({ isDone: true })
})
