import { expect, test } from 'vitest'
import { firstNumberOf, keyShare } from '../../../control/backfill/key-share.ts'

/** As Java writes `new Object[] {…}`. */
const array = 'aced0005757200135b4c6a6176612e6c616e672e4f626a6563743b90ce589f1073296c02000078700000000'
const number = '787200106a6176612e6c616e672e4e756d62657286ac951d0b94e08b0200007870'
const long = '7372000e6a6176612e6c616e672e4c6f6e673b8be490cc8f23df0200014a000576616c7565'
const integer = '737200116a6176612e6c616e672e496e746567657212e2a0a4f781873802000149000576616c7565'
const short = '7372000f6a6176612e6c616e672e53686f7274684d37133460da5202000153000576616c7565'
const double = '737200106a6176612e6c616e672e446f75626c6580b3c24a296bfb0402000144000576616c7565'

test.each([
  ['a bigint', `${array}1${long}${number}0000000000000005`, 5n],
  ['an int below zero', `${array}1${integer}${number}fffffffd`, -3n],
  ['a smallint', `${array}1${short}${number}0007`, 7n],
  ['a key of two columns', `${array}2${long}${number}0000000000030d4074000162`, 200_000n],
  ['capital letters', `${array}1${long}${number}000000000000000A`.toUpperCase(), 10n],
])('the first column of a stored key is read: %s', (_name, stored, value) => {
  expect(firstNumberOf(stored)).toBe(value)
})

test.each([
  ['a text', `${array}174000178`],
  ['a number with a fraction', `${array}1${double}${number}3ff8000000000000`],
  ['nothing', 'aced000570'],
  ['one that is cut off', `${array}1${long}${number}0000`],
  ['no key at all', 'hello'],
])('a key that is no whole number tells nothing: %s', (_name, stored) => {
  expect(firstNumberOf(stored)).toBeUndefined()
})

test('how far a table is lies between its first and its last key, whatever came meanwhile', () => {
  expect(keyShare({ first: 1n, now: 26n, last: 101n })).toBe(0.25)
  expect(keyShare({ first: 1n, now: 500n, last: 101n })).toBe(1)
  expect(keyShare({ first: 50n, now: 1n, last: 101n })).toBe(0)
  expect(keyShare({ first: 7n, now: 7n, last: 7n })).toBe(1)
})
