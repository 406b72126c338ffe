import { expect, it } from 'vitest'
import { refuseNewerData } from '../../../control/stack/refuse-newer-data.ts'

it.each([
  ['0.1.0', '0.1.0'],
  ['0.0.9', '0.1.0'],
  ['0.9.0', '0.10.0'],
  ['not a version', '0.1.0'],
  [undefined, '0.1.0'],
])('data of %s runs under %s', (recorded, own) => {
  expect(() => refuseNewerData('demo', recorded, own)).not.toThrow()
})

it.each([
  ['0.1.1', '0.1.0'],
  ['0.10.0', '0.9.0'],
  ['1.0.0', '0.99.99'],
])('data of %s is refused under %s, with the way on and the way back', (recorded, own) => {
  expect(() => refuseNewerData('demo', recorded, own)).toThrow(
    expect.objectContaining({
      code: 'DATA_NEWER',
      message: expect.stringContaining(`brought up by Tributary ${recorded}, and this is ${own}`),
      hint: expect.stringContaining(`go on with Tributary ${recorded}`),
    }),
  )
})
