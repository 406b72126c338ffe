import { expect, test } from 'vitest'
import { catalogue } from '../../../control/health/rules/catalogue.ts'
import { mendedFirst, restartMends, whatComesFirst } from '../../../control/health/rules/restart-mends.ts'
import { database, judged, read } from './snapshots.ts'

test('every rule that comes before a restart is in the catalogue', () => {
  const known = catalogue.map(({ id }) => id)

  expect(Object.values(mendedFirst).flatMap(rules => rules.filter(rule => !known.includes(rule)))).toEqual([])
})

test('an outage is mended by a restart, a column or a slot that is missing is not; the unknown is tried', () => {
  expect(['session-ended', 'starting-up', 'task-failed', null].map(restartMends)).toEqual([
    ...[true, true, true, true],
  ])
  expect(['column-missing', 'slot-dropped', 'value-does-not-fit'].map(restartMends)).toEqual([
    ...[false, false, false],
  ])
})

test('a source whose slot is gone is not restarted over the gap, its sink may be', () => {
  const report = judged({ database: read({ ...database, slot: undefined }) })

  expect(whatComesFirst('source', report)?.rule).toBe('slot-missing')
  expect(whatComesFirst('sink', report)).toBeUndefined()
})
