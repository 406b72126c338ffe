import { expect, test } from 'vitest'
import { planBurst } from '../../../generators/live.ts'

test('operations are 70 % inserts, 20 % updates and 10 % deletes', () => {
  const { inserts, updates, deletes } = planBurst(42, 'community-db', 0, 20_000)

  expect(inserts.length / 20_000).toBeCloseTo(0.7, 1.7)
  expect(updates.length / 20_000).toBeCloseTo(0.2, 1.7)
  expect(deletes.length / 20_000).toBeCloseTo(0.1, 1.7)
})

test('one burst of ten is the same as ten of one', () => {
  const whole = planBurst(42, 'sites-db', 30, 10)
  const parts = Array.from({ length: 10 }, (_, offset) => planBurst(42, 'sites-db', 30 + offset, 1))

  expect(parts.flatMap(({ inserts }) => inserts)).toEqual(whole.inserts)
  expect(parts.flatMap(({ updates }) => updates)).toEqual(whole.updates)
  expect(parts.flatMap(({ deletes }) => deletes)).toEqual(whole.deletes)
})
