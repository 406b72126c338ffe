import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { keepAnswer } from '../../../control/console/ask/keep-answer.ts'
import { readServiceRows } from '../../../control/console/ask/service-rows.ts'
import { TribError } from '../../../control/errors/trib-error.ts'

test('an answer is made once for all who ask while it is young', async () => {
  let nowMs = 0
  let made = 0
  const ask = keepAnswer(async () => ++made, { clock: { now: () => nowMs }, forMs: 1_000 })

  expect(await Promise.all([ask(), ask()])).toEqual([1, 1])
  nowMs = 999
  expect(await ask()).toBe(1)
  nowMs = 1_000
  expect(await ask()).toBe(2)
})

test('a failure is told to those who asked, and not kept', async () => {
  const answers = [() => Promise.reject(new Error('no')), async () => 'well']
  const ask = keepAnswer(() => answers.shift()?.() ?? Promise.resolve('none'), {
    ...{ clock: { now: () => 0 }, forMs: 1_000 },
  })

  await expect(ask()).rejects.toThrow('no')
  expect(await ask()).toBe('well')
})

test('every service that the context names has a row; what it does not name has none', async () => {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const listening = server.address()
  const port = listening && typeof listening === 'object' ? listening.port : 0
  const at = (database: string) => ({ host: '127.0.0.1', port: 1, user: 'console', password: 's', database })
  const missing = () => Promise.reject(new TribError('CONTEXT_INCOMPLETE', 'no warehouse'))

  const rows = await readServiceRows({
    brokers: [{ name: 'kafka-1', address: '127.0.0.1:1' }],
    context: {
      connect: async () => ({
        urls: [`http://127.0.0.1:${port}`, 'https://me:secret@second.example.invalid/'],
      }),
      sources: async () => ['shop-db'],
      source: async () => at('shop_db'),
      warehouse: missing,
    },
  })
  server.close()

  expect(rows.map(({ service, state, port: where, url }) => [service, state, where, url])).toEqual([
    ['kafka-1', 'stopped', 1, null],
    ['connect', 'healthy', port, `http://127.0.0.1:${port}`],
    ['connect-2', 'stopped', 443, 'https://second.example.invalid'],
    ['shop-db', 'stopped', 1, 'postgres://console@127.0.0.1:1/shop_db'],
  ])
})
