import { expect, test } from 'vitest'
import { TribError } from '../../../control/errors/trib-error.ts'
import { parseGenerateOptions } from '../../../generators/moodle/generate-options.ts'

type Words = Parameters<typeof parseGenerateOptions>[0]

function refusal(words: Words): TribError {
  try {
    parseGenerateOptions(words)
  } catch (error) {
    if (error instanceof TribError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

test('missing and empty words have their defaults', () => {
  expect(parseGenerateOptions({ historyEnd: '', rate: '' })).toEqual({
    seed: 42,
    history: 20_000,
    historyEnd: undefined,
    rate: 0.5,
    intervalMs: 2_000,
    overlap: 0.3,
    source: undefined,
    healthPort: undefined,
  })
})

test('every word is read', () => {
  const words = {
    seed: '-7',
    history: '0',
    historyEnd: '2026-01-31T13:00:00+01:00',
    rate: '0',
    interval: '250',
  }

  expect(parseGenerateOptions({ ...words, overlap: '1', source: 'sites-db', healthPort: '7100' })).toEqual({
    seed: -7,
    history: 0,
    historyEnd: new Date('2026-01-31T12:00:00Z'),
    rate: 0,
    intervalMs: 250,
    overlap: 1,
    source: 'sites-db',
    healthPort: 7100,
  })
})

test('a day without a time begins at midnight, UTC', () => {
  expect(parseGenerateOptions({ historyEnd: '2026-02-28' }).historyEnd).toEqual(
    new Date('2026-02-28T00:00:00Z'),
  )
})

test.each<[Words, string]>([
  [{ rate: '-1' }, "--rate must be a number from 0 to 1000000, not '-1'"],
  [{ rate: 'fast' }, "--rate must be a number from 0 to 1000000, not 'fast'"],
  [{ overlap: '1.5' }, "--overlap must be a number from 0 to 1, not '1.5'"],
  [{ interval: '0' }, "--interval must be a whole number from 1 to 3600000, not '0'"],
  [{ history: '1e3.5' }, "--history must be a whole number from 0 to 1000000000, not '1e3.5'"],
  [{ seed: '4.2' }, "--seed must be a whole number from -9007199254740991 to 9007199254740991, not '4.2'"],
  [{ healthPort: '70000' }, "--health-port must be a whole number from 1 to 65535, not '70000'"],
  [{ source: 'warehouse' }, "--source must be community-db or sites-db, not 'warehouse'"],
])('%j is refused by name and value', (words, sentence) => {
  const error = refusal(words)

  expect(error.code).toBe('USAGE')
  expect(error.message).toBe(sentence)
})

test.each(['yesterday', '2026-01-31T12:00:00', '2026-02-30', '31.01.2026'])(
  '%s is no history end',
  historyEnd => {
    const { message } = refusal({ historyEnd })

    expect(message).toContain('--history-end')
    expect(message).toContain(`'${historyEnd}'`)
  },
)

test('all bad words are named at once', () => {
  const { message } = refusal({ rate: '-1', overlap: '2' })

  expect(message).toMatch(/--rate .*; --overlap /)
})
