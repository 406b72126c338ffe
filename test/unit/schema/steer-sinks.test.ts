import { expect, test } from 'vitest'
import type { Connector } from '../../../control/connect/connect-api.ts'
import type { LookedTable } from '../../../control/schema/look-at-schemas.ts'
import { createSinkMemory, steerSinks } from '../../../control/schema/steer-sinks.ts'
import { systemClock } from '../../../control/system/clock.ts'
import { failed, sink, source } from '../health/snapshots.ts'

const trace =
  'java.sql.SQLException: Cannot alter table "lake"."landing"."Orders" because schema evolution is disabled'

const looked = (of: Connector, more: Partial<LookedTable> = {}): LookedTable => ({
  ...{ events: [], isAltered: false, isOpen: false, mustStop: false },
  landing: { schema: 'landing', table: 'Orders' },
  followed: {
    ...{ pipeline: 'shop', source, sink: of, topic: 'shop.sales.Orders' },
    id: { oid: '7', schema: 'sales', table: 'Orders' },
    target: { schema: undefined, table: 'Orders' },
  },
  ...more,
})

/** What was asked of Connect, look by look. */
function world() {
  const asked: string[] = []
  const connect = {
    pause: async (name: string) => void asked.push(`pause ${name}`),
    restart: async (name: string) => void asked.push(`restart ${name}`),
  }
  const memory = createSinkMemory(systemClock)
  return { asked, look: (...tables: readonly LookedTable[]) => steerSinks(tables, { connect, memory }) }
}

test('a sink that failed at a table which fits again is restarted; one that waits for a person is not', async () => {
  const { asked, look } = world()
  const stopped = failed(sink, trace)
  expect(await look(looked(stopped, { isOpen: true }))).toEqual([])
  expect(await look(looked(stopped))).toMatchObject([{ level: 'info', object: 'lake' }])
  expect(asked).toEqual(['restart lake'])
})

test('a trace that comes back three times is told instead of restarted, until the table is altered', async () => {
  const { asked, look } = world()
  const stopped = looked(failed(sink, trace))
  for (let time = 0; time < 5; time += 1) await look(stopped)
  expect(asked).toHaveLength(3)
  expect(await look(stopped)).toMatchObject([{ level: 'error', command: 'npx trib describe connector lake' }])
  await look({ ...stopped, isAltered: true })
  expect(asked).toHaveLength(4)
})

test('a sink whose rows would land changed is paused once: who resumes it has decided', async () => {
  const { asked, look } = world()
  const wrong = looked(sink, {
    ...{ isOpen: true, mustStop: true },
    events: [{ level: 'error', object: 'sales.Orders', sentence: 'it would be rounded' }],
  })
  expect(await look(wrong)).toMatchObject([
    { sentence: 'paused, before more rows of sales.Orders land changed' },
  ])
  expect(await look(wrong)).toEqual([])
  expect(await look(looked(sink))).toEqual([])
  await look(wrong)
  expect(asked).toEqual(['pause lake', 'pause lake'])
})

test('a sink that failed of something else is left alone', async () => {
  const { asked, look } = world()
  expect(await look(looked(failed(sink, 'java.lang.OutOfMemoryError')), looked(sink))).toEqual([])
  expect(asked).toEqual([])
})
