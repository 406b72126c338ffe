import { expect, test } from 'vitest'
import type { DeadLetter } from '../../../control/bad-records/dead-letters.ts'
import { keyIdOf, type LaterRecord, sortRaw } from '../../../control/bad-records/raw-replay.ts'

const sink = { name: 'lake', config: {} }
const bytes = (payload: unknown, schema: unknown = null) => Buffer.from(JSON.stringify({ schema, payload }))
const topic = 'shop.public.orders'

const letter = (change: Partial<DeadLetter> = {}): DeadLetter => ({
  ...{ at: 0, putAsideMs: 0, topic, partition: 0, offset: 40, isMended: false, headers: {} },
  ...{ stage: 'TASK_PUT', cause: 'too long', key: bytes({ id: 1 }), value: bytes({ id: 1 }), ...change },
})
const later = (change: Partial<LaterRecord> = {}): LaterRecord => ({
  ...{ topic, partition: 0, offset: 50, keyId: keyIdOf(bytes({ id: 1 }), sink) ?? '', ...change },
})
const ends = new Map([[topic, [{ partition: 0, first: 0n, next: 60n }]]])

function reasonAgainst(one: DeadLetter, records: readonly LaterRecord[] = [], places = ends) {
  const { free, held } = sortRaw([one], { sink, ends: places, later: records })
  return free.length === 1 ? undefined : held[0]?.reason
}

test('a record is written again where nothing later of its key lies in its partition', () => {
  expect(reasonAgainst(letter())).toBeUndefined()
  expect(reasonAgainst(letter(), [later({ offset: 39 })])).toBeUndefined()
  expect(reasonAgainst(letter(), [later({ partition: 1 })])).toBeUndefined()
  expect(reasonAgainst(letter(), [later({ topic: 'shop.public.notes' })])).toBeUndefined()
  expect(reasonAgainst(letter(), [later({ keyId: keyIdOf(bytes({ id: 2 }), sink) ?? '' })])).toBeUndefined()
})

test('one that would overwrite what is newer is held, with where the newest lies', () => {
  expect(reasonAgainst(letter(), [later({ offset: 50 }), later({ offset: 55 })])).toBe(
    'a later record of its key lies at 55, which it would overwrite',
  )
})

test('one of which nobody can know that is held, too', () => {
  expect(reasonAgainst(letter({ key: null }))).toContain('it has no key')
  expect(reasonAgainst(letter({ offset: -1 }))).toBe('it does not say where it lay')
  expect(reasonAgainst(letter(), [], new Map([[topic, []]]))).toContain('has no partition 0')
  const shortened = new Map([[topic, [{ partition: 0, first: 42n, next: 60n }]]])
  expect(reasonAgainst(letter(), [], shortened)).toContain('begins at 42 by now')
  expect(reasonAgainst(letter({ offset: 41 }), [], shortened)).toBeUndefined()
})

test('two keys are one when they hold the same, whatever their schema and the order of their columns', () => {
  const schema = { type: 'struct', fields: [{ field: 'a', type: 'int32' }] }
  const same = keyIdOf(bytes({ a: 1, b: 2 }), sink)

  expect(keyIdOf(bytes({ b: 2, a: 1 }, schema), sink)).toBe(same)
  expect(keyIdOf(bytes({ a: 1, b: 3 }), sink)).not.toBe(same)
  expect(keyIdOf(Buffer.from('no json'), sink)).toBe('bytes 6e6f206a736f6e')
  expect(keyIdOf(null, sink)).toBeUndefined()
})
