import { expect, test } from 'vitest'
import { formatTable } from '../../../control/output/table.ts'

test('columns line up, numbers to the right, nothing trails', () => {
  expect(
    formatTable([
      { service: 'connect', rows: '1200', note: null },
      { service: 'kafka-1', rows: '7', note: 'late' },
    ]),
  ).toBe('SERVICE  ROWS  NOTE\nconnect  1200\nkafka-1     7  late\n')
})
