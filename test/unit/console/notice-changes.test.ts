import { expect, test } from 'vitest'
import { createNewcomers } from '../../../control/console/newcomers.ts'
import { noticeChanges } from '../../../control/console/notice-changes.ts'
import type { Observation } from '../../../control/console/watch/observation.ts'
import { judge } from '../../../control/health/judge.ts'
import type { Snapshot } from '../../../control/health/snapshot.ts'
import { withoutConnect, worldOf } from '../../support/console/worlds.ts'

const atMs = Date.UTC(2026, 0, 5, 12)
const seen = (snapshot: Snapshot, isUp = true): Observation => ({
  ...{ snapshot, report: judge(snapshot), flows: [], tookMs: 10 },
  brokers: [{ name: 'kafka-1', address: '127.0.0.1:1', isUp }],
})
const texts = (before: Observation | undefined, now: Observation) =>
  noticeChanges(before, now).map(({ severity, subject, text }) => `${severity}: ${subject} ${text}`)

const well = seen(worldOf(['shop'], { atMs }))
const failedTask = { tasks: [{ id: 0, state: 'FAILED', workerId: 'w:1', trace: 'Caused by: gone' }] }
const failed = seen(worldOf(['shop'], { atMs, connectors: { shop: failedTask } }))

test('what is well at the first look is no news', () => {
  expect(texts(undefined, well)).toEqual([])
})

test('a pipeline that fails is told once, with its cause and its command, and when it is well again', () => {
  const [note] = noticeChanges(well, failed)

  expect(note).toMatchObject({
    severity: 'error',
    subject: 'shop',
    command: expect.stringContaining('restart shop'),
  })
  expect(note?.text).toMatch(/^is failed: .*shop/)
  expect(texts(failed, failed)).toEqual([])
  expect(texts(failed, well)).toEqual(['info: shop is well again'])
})

test('what is not there yet, while a stack starts, is no bad news', () => {
  const blind = seen({ ...withoutConnect(), atMs }, false)

  expect(texts(undefined, blind)).toEqual(['info: console no Kafka Connect answers at http://127.0.0.1:1'])
})

test('connectors that come, go and are held are told', () => {
  const held = seen(worldOf(['shop'], { atMs, connectors: { shop: { state: 'PAUSED' } } }))
  const more = seen(worldOf(['shop', 'mall'], { atMs }))

  expect(texts(well, held)).toContain('info: shop went from RUNNING to PAUSED')
  expect(texts(well, more)).toContain('info: mall was deployed')
  expect(texts(more, well)).toContain('warn: mall was deleted')
})

test('a Connect that is away is told once', () => {
  const blind = seen({ ...withoutConnect(), atMs })

  expect(texts(well, blind)).toEqual(['error: console no Kafka Connect answers at http://127.0.0.1:1'])
  expect(texts(blind, blind)).toEqual([])
  expect(texts(blind, well)).toEqual(['info: console sees 1 pipeline'])
})

test('a broker that goes and comes back is told', () => {
  const less = seen(worldOf(['shop'], { atMs }), false)

  expect(texts(well, less)).toEqual(['error: kafka-1 takes no connections at 127.0.0.1:1'])
  expect(texts(less, well)).toEqual(['info: kafka-1 takes connections'])
})

test('what a pipeline lacks in its first seconds is no news; what it lacks later, and what it lost, is', () => {
  const newcomersOf = createNewcomers()
  const at = (seconds: number, { report }: Observation) => newcomersOf(report, atMs + seconds * 1000)

  const young = at(0, failed)
  const stillYoung = at(15, failed)
  const old = at(21, failed)

  const between = (before: ReadonlySet<string>, now: ReadonlySet<string>) =>
    noticeChanges(failed, failed, { before, now }).map(({ text }) => text)
  expect([...young]).toEqual(['shop'])
  expect(between(young, stillYoung)).toEqual([])
  expect(between(stillYoung, old)).toEqual([expect.stringMatching(/^is failed/)])
  expect(at(22, failed).size).toBe(0)

  const another = createNewcomers()
  another(well.report, atMs)
  expect(another(failed.report, atMs + 1000).size).toBe(0)
})
