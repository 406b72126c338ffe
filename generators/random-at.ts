import type { Faker } from '@faker-js/faker'
// The English words alone, 6 MB and 20 ms; the package's main entry loads every language, 38 MB and 135 ms.
import { faker as english } from '@faker-js/faker/locale/en'

/** Gives numbers from 0 (inclusive) to 1 (exclusive). */
export type Random = () => number

/**
 * The random numbers of one row: they depend on these three and on nothing else, so any row can be made at any time,
 * in any process, without the rows before it. (mulberry32, whose state is one word.)
 */
export function randomAt(seed: number, stream: string, index: number): Random {
  let state = hash(seed, stream, index)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/**
 * Faker drawing from `random`; use it at once, the next call gives the same Faker another source. Faker's own way,
 * `faker.seed()`, prepares 624 words: 23 µs a row, where the row itself takes 6.
 */
export function fakerFrom(random: Random): Faker {
  source = random
  return faker
}

let source: Random = Math.random

const faker = new (english.constructor as typeof Faker)({
  locale: english.rawDefinitions,
  randomizer: { next: () => source(), seed: () => {} },
})

/** Mixes all bits of both numbers, which may be up to 2^53, and of the stream's name. (The steps of MurmurHash3.) */
function hash(seed: number, stream: string, index: number): number {
  let state = 0
  for (const word of [seed, Math.floor(seed / 2 ** 32), index, Math.floor(index / 2 ** 32)])
    state = mix(state, word)
  for (let at = 0; at < stream.length; at++) state = mix(state, stream.charCodeAt(at))
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b)
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35)
  return state ^ (state >>> 16)
}

function mix(state: number, word: number): number {
  const scrambled = Math.imul(word, 0xcc9e2d51)
  const turned = state ^ Math.imul((scrambled << 15) | (scrambled >>> 17), 0x1b873593)
  return (Math.imul((turned << 13) | (turned >>> 19), 5) + 0xe6546b64) | 0
}
