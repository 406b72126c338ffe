import { expect, test } from 'vitest'
import { lookAtTls } from '../../../control/system/look-at-tls.ts'
import { listening } from '../../support/listening.ts'

test('of one that is only silent, nothing is known', async () => {
  await using silent = await listening(() => {})

  expect(await lookAtTls(silent.address)).toEqual({ isReached: false, certificate: undefined })
  expect(silent.connections()).toBe(1)
})

test('one that ends the connection is there, and shows nothing', async () => {
  await using cutting = await listening(socket => socket.once('data', () => socket.destroy()))

  expect(await lookAtTls(cutting.address)).toEqual({ isReached: true, certificate: undefined })
})

test('after ^C nobody is looked at', async () => {
  await using silent = await listening(() => {})

  expect(await lookAtTls(silent.address, AbortSignal.abort())).toEqual({
    ...{ isReached: false, certificate: undefined },
  })
  expect(silent.connections()).toBe(0)
})

test('^C ends a look', async () => {
  const stop = new AbortController()
  await using silent = await listening(() => stop.abort())
  const startedAt = performance.now()

  expect(await lookAtTls(silent.address, stop.signal)).toEqual({ isReached: false, certificate: undefined })
  expect(performance.now() - startedAt).toBeLessThan(1_400)
})
