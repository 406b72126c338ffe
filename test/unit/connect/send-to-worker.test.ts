import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { createConnectClient } from '../../../control/connect/connect-client.ts'
import { TribError } from '../../../control/errors/trib-error.ts'
import { startFakeConnect } from '../../support/fake-connect.ts'
import { heldClock } from '../../support/held-clock.ts'

const sink = {
  'connector.class': 'io.debezium.connector.jdbc.JdbcSinkConnector',
  topics: 'a',
}
const rebalances = [
  'Cannot complete request momentarily due to stale configuration (typically caused by a concurrent config change)',
  'Request cannot be completed because a rebalance is expected',
]
const rebalance = (message = rebalances[0]) => ({ status: 409, body: { error_code: 409, message } })

/** A port that refuses; nobody listens there any more. */
async function refusingUrl(): Promise<string> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise(resolve => server.close(resolve))
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
}

test.each(rebalances)('a rebalance is waited out: %s', async message => {
  await using fake = await startFakeConnect()
  const clock = heldClock()
  const connect = createConnectClient({ urls: [fake.url] }, { clock, random: () => 1 })
  fake.failNext({ ...rebalance(message), times: 5, match: 'PUT /connectors/{name}/config' })

  await connect.putConfig('a', sink)

  expect(clock.waited).toEqual([100, 200, 400, 800, 1_000])
  expect(fake.count('PUT /connectors/{name}/config')).toBe(6)
  expect(await connect.config('a')).toEqual(sink)
})

test('a rebalance that a worker tells as 500, as it does when a connector is read, is waited out', async () => {
  await using fake = await startFakeConnect()
  const connect = createConnectClient({ urls: [fake.url] }, { clock: heldClock() })
  fake.failNext({ ...rebalance(rebalances[1]), status: 500, times: 2 })

  expect(await connect.config('a')).toBeUndefined()
})

test('a rebalance that does not end is told after the deadline', async () => {
  await using fake = await startFakeConnect()
  const connect = createConnectClient({ urls: [fake.url] }, { clock: heldClock(), deadlineMs: 5_000 })
  fake.failNext({ ...rebalance(), times: 100 })

  await expect(connect.list()).rejects.toMatchObject({
    code: 'CONNECT_FAILED',
    message: `could not list the connectors: ${fake.url} says: ${rebalances[0]}`,
  })
})

test('a rebalance is not asked about at the other workers', async () => {
  await using fake = await startFakeConnect()
  await using other = await startFakeConnect()
  const connect = createConnectClient({ urls: [fake.url, other.url] }, { clock: heldClock() })
  fake.failNext(rebalance())

  await connect.list()

  expect([fake.count(), other.count()]).toEqual([2, 0])
})

test('the next worker is asked at once where the first refuses', async () => {
  await using fake = await startFakeConnect()
  const clock = heldClock()
  const connect = createConnectClient({ urls: [await refusingUrl(), fake.url] }, { clock })

  expect(await connect.list()).toEqual([])
  expect(clock.waited).toEqual([])
})

test('the next worker is asked at once where the first is unavailable', async () => {
  await using fake = await startFakeConnect()
  await using other = await startFakeConnect()
  const clock = heldClock()
  const connect = createConnectClient({ urls: [fake.url, other.url] }, { clock })
  fake.failNext({
    status: 503,
    body: '<html><title>Service Unavailable</title></html>',
    contentType: 'text/html',
  })

  expect(await connect.list()).toEqual([])
  expect(clock.waited).toEqual([])
})

test('a cluster of which nothing listens is told of within three seconds, with every address', async () => {
  const urls = [await refusingUrl(), await refusingUrl()]
  const connect = createConnectClient({ urls }, { stackHint: 'npx trib status' })
  const startedAt = performance.now()

  await expect(connect.list()).rejects.toMatchObject({
    code: 'CONNECT_FAILED',
    message: `no Kafka Connect answers at ${urls[0]} (ECONNREFUSED), ${urls[1]} (ECONNREFUSED)`,
    hint: 'npx trib status',
  })
  expect(performance.now() - startedAt).toBeLessThan(3_200)
})

test('a host without an address is unreachable, and the hint works on any cluster', async () => {
  const connect = createConnectClient({ urls: ['http://connect.invalid:8083'] }, { clock: heldClock() })

  await expect(connect.list()).rejects.toMatchObject({
    message: expect.stringMatching(/^no Kafka Connect answers at http:\/\/connect\.invalid:8083 \(E/),
    hint: 'curl -sS http://connect.invalid:8083/',
  })
})

test('a worker that is just starting is waited for as long as the caller says', async () => {
  const clock = heldClock()
  const options = { clock, unreachableDeadlineMs: 30_000, random: () => 1 }

  await expect(createConnectClient({ urls: [await refusingUrl()] }, options).list()).rejects.toThrow(
    'no Kafka Connect',
  )

  expect(clock.now()).toBeGreaterThanOrEqual(30_000)
})

test('a creation whose answer was lost is not an error when it is ours that is there', async () => {
  await using fake = await startFakeConnect()
  const connect = createConnectClient({ urls: [fake.url] }, { clock: heldClock() })
  fake.loseAnswer('POST /connectors')

  await connect.create('a', sink)

  expect(fake.count('POST /connectors')).toBe(2)
  expect(await connect.config('a')).toEqual(sink)
})

test('a creation whose answer was lost is refused when the name is now taken by another config', async () => {
  await using fake = await startFakeConnect()
  const connect = createConnectClient({ urls: [fake.url] }, { clock: heldClock() })
  fake.loseAnswer('POST /connectors')
  fake.onRequest(({ template }) => {
    if (template === 'POST /connectors' && fake.count(template) === 2)
      fake.edit('a', connector => {
        connector.config = { ...connector.config, topics: 'of-somebody-else' }
      })
  })

  await expect(connect.create('a', sink)).rejects.toMatchObject({ code: 'CONNECTOR_EXISTS' })
})

test('a connector that was there before is not taken for ours', async () => {
  await using fake = await startFakeConnect()
  const connect = createConnectClient({ urls: [fake.url] }, { clock: heldClock() })
  await connect.create('a', sink)

  await expect(connect.create('a', sink)).rejects.toMatchObject({ code: 'CONNECTOR_EXISTS' })
  expect(fake.count('POST /connectors')).toBe(2)
})

test('a deletion whose answer was lost is done', async () => {
  await using fake = await startFakeConnect()
  const connect = createConnectClient({ urls: [fake.url] })
  await connect.create('a', sink)
  fake.loseAnswer('DELETE /connectors/{name}')

  await connect.delete('a')

  expect(await connect.status('a')).toBeUndefined()
})

test('a worker that hangs leaves the other its time', async () => {
  await using fake = await startFakeConnect()
  await using other = await startFakeConnect()
  fake.onRequest(() => new Promise(() => undefined))
  const connect = createConnectClient({ urls: [fake.url, other.url] }, { deadlineMs: 400 })

  expect(await connect.list()).toEqual([])
})

test('a worker that hangs is told of after the deadline', async () => {
  await using fake = await startFakeConnect()
  fake.onRequest(() => new Promise(() => undefined))
  const connect = createConnectClient({ urls: [fake.url] }, { deadlineMs: 200 })

  await expect(connect.list()).rejects.toThrow(
    `could not list the connectors: ${fake.url} gave no answer (ETIMEDOUT)`,
  )
})

test('an abort ends a request with its reason', async () => {
  await using fake = await startFakeConnect()
  const controller = new AbortController()
  const connect = createConnectClient({ urls: [fake.url] }, { signal: controller.signal })
  fake.onRequest(() => {
    controller.abort(new TribError('INTERRUPTED', 'ended by ^C'))
    return new Promise(() => undefined)
  })

  await expect(connect.list()).rejects.toThrow('ended by ^C')
})

test('headers are asked for anew for each request', async () => {
  await using fake = await startFakeConnect({ authorization: 'Bearer 2' })
  let asked = 0
  const headers = async () => {
    asked += 1
    return { authorization: `Bearer ${asked}` }
  }
  const connect = createConnectClient({ urls: [fake.url], headers })

  await expect(connect.list()).rejects.toMatchObject({ code: 'CONNECT_DENIED' })
  expect(await connect.list()).toEqual([])
})

test('an access without an address is incomplete', () => {
  expect(() => createConnectClient({ urls: [] })).toThrow('no address of Kafka Connect is given')
  expect(() => createConnectClient({ urls: ['connect:8083'] })).toThrow(
    "'connect:8083' is no address of Kafka Connect",
  )
})
