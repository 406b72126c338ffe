import { expect, test } from 'vitest'
import { createKeyedChanges } from '../../../control/console/keyed-changes.ts'
import { createFlowMeter } from '../../../control/console/watch/flow.ts'
import { keepSessions } from '../../../control/console/watch/kept-sessions.ts'
import type { Database, OpenDatabaseOptions } from '../../../control/database/connect.ts'
import { TribError } from '../../../control/errors/trib-error.ts'
import { judge } from '../../../control/health/judge.ts'
import { worldOf } from '../../support/console/worlds.ts'

const atMs = Date.UTC(2026, 0, 5, 12)

test('a flow is told over ten seconds, so that a burst every other second is steady', () => {
  const measure = createFlowMeter()
  const rateAfter = (seconds: number) => {
    const rows = 100 + Math.floor(seconds / 2) * 10
    const report = judge(worldOf(['shop'], { atMs: atMs + seconds * 1000, rows }))
    return measure(report, atMs + seconds * 1000).find(({ topic }) => topic === 'shop.sales.Orders')
  }

  expect(rateAfter(0)).toMatchObject({ inPerSecond: null, recordsPerSecond: null })
  const rates = Array.from({ length: 20 }, (_, index) => rateAfter(index + 1)?.recordsPerSecond)

  expect(rates.slice(10)).toEqual(Array.from({ length: 10 }, () => 5))
})

test('a counter that went back is not a flow', () => {
  const measure = createFlowMeter()
  measure(judge(worldOf(['shop'], { atMs, rows: 100 })), atMs)

  const [flow] = measure(judge(worldOf(['shop'], { atMs: atMs + 2000, rows: 5 })), atMs + 2000)

  expect(flow?.recordsPerSecond).toBeNull()
})

test('of many things only those that changed are told, and those that are gone', () => {
  const changesOf = createKeyedChanges<{ name: string; value: number }>(({ name }) => name)

  expect(
    changesOf([
      { name: 'a', value: 1 },
      { name: 'b', value: 1 },
    ]).changed,
  ).toHaveLength(2)
  expect(
    changesOf([
      { name: 'a', value: 1 },
      { name: 'b', value: 2 },
    ]),
  ).toEqual({
    changed: [{ name: 'b', value: 2 }],
    gone: [],
  })
  expect(changesOf([{ name: 'b', value: 2 }])).toEqual({ changed: [], gone: ['a'] })
})

const address: OpenDatabaseOptions = { host: 'db', port: 1, user: 'u', database: 'd' }

/** Counts what is opened and closed; `lose` cuts every session that is open. */
function fakeServer() {
  const server = { opened: 0, closed: 0, lost: new Set<number>() }
  const open = async (): Promise<Database> => {
    server.opened += 1
    const id = server.opened
    return {
      where: 'd at db:1',
      async query(text) {
        if (server.lost.has(id))
          throw new TribError('DATABASE_FAILED', 'the connection was lost', { isRetriable: true })
        if (text === 'wrong') throw new TribError('DATABASE_FAILED', 'a syntax error')
        return { rows: [{ id }] } as never
      },
      async [Symbol.asyncDispose]() {
        server.closed += 1
      },
    }
  }
  return { server, open }
}

test('a session is used again, also after a question that was refused', async () => {
  const { server, open } = fakeServer()
  await using sessions = keepSessions(open)

  for (const text of ['right', 'wrong', 'right']) {
    await using session = await sessions.open(address)
    await session.query(text).catch(() => {})
  }

  expect(server.opened).toBe(1)
})

test('a session that was lost meanwhile is replaced without a word; one that is lost anew is not', async () => {
  const { server, open } = fakeServer()
  await using sessions = keepSessions(open)
  {
    await using session = await sessions.open(address)
    await session.query('right')
  }

  server.lost.add(1)
  {
    await using session = await sessions.open(address)
    expect((await session.query('right')).rows).toEqual([{ id: 2 }])
    server.lost.add(2)
    await expect(session.query('right')).rejects.toThrow('lost')
  }

  expect([server.opened, server.closed]).toEqual([2, 2])
})

test('a session that was cut off for taking too long is not used again', async () => {
  const { server, open } = fakeServer()
  await using sessions = keepSessions(open)
  const late = new AbortController()
  {
    await using _session = await sessions.open({ ...address, signal: late.signal })
    late.abort()
  }

  await using _next = await sessions.open(address)

  expect([server.opened, server.closed]).toEqual([2, 1])
})
