import { expect, test } from 'vitest'
import { allFaults } from '../../faults/faults/all-faults.ts'
import { drawStorm, nameOf, seedsOfARound } from '../../storms/draw-storm.ts'
import { parseSeeds } from '../../storms/seeds.ts'

const hundred = Array.from({ length: 100 }, (_, index) => drawStorm(index + 1))
const namesIn = (storms: typeof hundred) =>
  storms.flatMap(({ blows }) => blows.map(({ fault }) => fault.name))

test('eight seeds in a row from the first of a round meet every fault once', () => {
  for (const first of [1, 9, 89]) {
    const round = Array.from({ length: seedsOfARound }, (_, index) => drawStorm(first + index))
    expect([...namesIn(round)].sort()).toEqual(allFaults.map(({ name }) => name).sort())
  }
})

test('a hundred seeds meet each fault at least ten times, at least three kinds in each', () => {
  const names = namesIn(hundred)
  for (const { name } of allFaults)
    expect({ name, times: names.filter(one => one === name).length >= 10 }).toEqual({ name, times: true })
  for (const { blows } of hundred)
    expect(new Set(blows.map(({ fault }) => fault)).size).toBeGreaterThanOrEqual(3)
})

test('a seed is the same storm each time, and another storm than its neighbours', () => {
  expect(nameOf(drawStorm(41))).toBe(nameOf(drawStorm(41)))
  expect(drawStorm(41)).toEqual(drawStorm(41))
  expect(new Set(hundred.map(nameOf)).size).toBe(100)
})

test('faults are met one after the other, and on top of each other', () => {
  const blows = hundred.flatMap(storm => storm.blows)
  const onTop = blows.filter(({ isOnTop }) => isOnTop).length
  expect(onTop).toBeGreaterThan(50)
  expect(onTop).toBeLessThan(150)
})

test('a fault is met on top of none that took what it is to find', () => {
  for (const { blows } of hundred) {
    let taken: readonly string[] = []
    for (const { fault, isOnTop } of blows) {
      if (!isOnTop) taken = []
      const found = [...(fault.needs ?? []), ...(fault.takes ?? [])]
      expect(taken.filter(service => found.includes(service))).toEqual([])
      taken = [...taken, ...(fault.takes ?? [])]
    }
  }
})

test.each([
  ['1-3', [1, 2, 3]],
  ['7', [7]],
  ['1-2,2,40', [1, 2, 40]],
])('seeds are read: %s', (text, seeds) => {
  expect(parseSeeds(text)).toEqual(seeds)
})

test.each(['', '0', '3-1', '1-', 'x', '1..8', '-1', '1-8-9'])('no seeds: %j is refused', text => {
  expect(() => parseSeeds(text)).toThrow(`--seeds is '${text}', not as 1-8 or 3,5,40`)
})
