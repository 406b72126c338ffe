import { expect, test } from 'vitest'
import { allChecks } from '../../../control/doctor/all-checks.ts'
import { serverCases } from '../../database/doctor/server-cases.ts'
import { sinkCases } from '../../database/doctor/sink-cases.ts'
import { slotCases } from '../../database/doctor/slot-cases.ts'
import * as sourceCases from '../../database/doctor/source-cases.ts'
import { topicCases } from './topic-cases.ts'
import { workerCases } from './worker-cases.ts'

/** Each case breaks one thing and mends it as its finding says: a fault and a mend in one. */
const cases = [
  ...Object.values(sourceCases).flat(),
  ...[...serverCases, ...slotCases, ...sinkCases, ...workerCases, ...topicCases],
]

test('every check has a case in which it sees the fault and its fix mends it', () => {
  const tested = new Set(cases.map(({ check }) => check))

  expect(allChecks.map(({ id }) => id).filter(id => !tested.has(id))).toEqual([])
})

test('every case is of a check that is listed, under an id of its own', () => {
  const ids = allChecks.map(({ id }) => id)

  expect(new Set(ids).size).toBe(ids.length)
  expect(cases.filter(({ check }) => !ids.includes(check))).toEqual([])
})
