import { expect, test } from 'vitest'
import { createLog, maskSecrets } from '../../../control/output/log.ts'

test('a line is a sentence with its facts, and secrets are masked', () => {
  let text = ''
  const log = createLog({
    write: line => {
      text += line
    },
    secrets: ['hunter2hunter2'],
  })

  log.info('connector registered', { connector: 'a', tasks: 1, note: 'two words' })
  log.warn('password hunter2hunter2 is weak')
  log.debug('not shown')

  expect(text).toBe('connector registered connector=a tasks=1 note="two words"\nwarn: password *** is weak\n')
})

test('short values are no secrets: they would mask ordinary text', () => {
  expect(maskSecrets('a cat', ['a', 'cat'])).toBe('a cat')
})
