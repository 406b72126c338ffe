import { expect, test } from 'vitest'
import { fakerFrom, randomAt } from '../../../generators/random-at.ts'

test('the same seed, stream and index give the same numbers', () => {
  const [first, second] = [randomAt(7, 'users', 12), randomAt(7, 'users', 12)]

  expect([first(), first(), first()]).toEqual([second(), second(), second()])
})

test.each([
  ['seed', randomAt(8, 'users', 12)],
  ['stream', randomAt(7, 'sites', 12)],
  ['index', randomAt(7, 'users', 13)],
  ['upper half of the seed', randomAt(7 + 2 ** 40, 'users', 12)],
  ['upper half of the index', randomAt(7, 'users', 12 + 2 ** 40)],
])('another %s gives another number', (_, other) => {
  expect(other()).not.toBe(randomAt(7, 'users', 12)())
})

test('the first numbers of neighbouring rows are spread evenly', () => {
  const tenths = new Array<number>(10).fill(0)

  for (let index = 0; index < 10_000; index++) {
    const tenth = Math.floor(randomAt(42, 'users', index)() * 10)
    tenths[tenth] = (tenths[tenth] ?? 0) + 1
  }

  for (const count of tenths) expect(count).toBeGreaterThan(900)
  for (const count of tenths) expect(count).toBeLessThan(1_100)
})

test('faker draws from the given source only', () => {
  const once = fakerFrom(randomAt(7, 'users', 1)).person.fullName()
  fakerFrom(randomAt(7, 'users', 2)).person.fullName()

  expect(fakerFrom(randomAt(7, 'users', 1)).person.fullName()).toBe(once)
})
