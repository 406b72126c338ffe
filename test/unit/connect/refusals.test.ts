import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import type { ConnectAccess } from '../../../control/connect/connect-api.ts'
import { createConnectClient } from '../../../control/connect/connect-client.ts'
import type { SendOptions } from '../../../control/connect/send-to-worker.ts'
import { cert, key } from '../../support/fake-connect/certificate.ts'
import { type FakeConnect, type FakeConnectOptions, startFakeConnect } from '../../support/fake-connect.ts'
import { heldClock } from '../../support/held-clock.ts'

const clientOf = (fake: FakeConnect, access: Partial<ConnectAccess> = {}, options: SendOptions = {}) =>
  createConnectClient({ urls: [fake.url], ...access }, { clock: heldClock(), ...options })

test.each([
  [undefined, 'no authentication was sent'],
  ['Basic YWRtaW46aHVudGVyMg==', 'basic authentication was sent'],
  ['Bearer hunter2', 'bearer authentication was sent'],
])('a refusal names the kind of credentials, not their value: %s', async (authorization, sentence) => {
  await using fake = await startFakeConnect({ authorization: 'Basic c29tZWJvZHk6ZWxzZQ==' })
  const headers = async () => (authorization === undefined ? {} : { authorization })

  const error: unknown = await clientOf(fake, { headers })
    .list()
    .catch(failure => failure)

  expect(error).toMatchObject({
    code: 'CONNECT_DENIED',
    message: `${fake.url} refuses the request (HTTP 401); ${sentence}`,
    hint: 'npx trib config get-contexts',
  })
  expect(inspect(error, { depth: 9 })).not.toMatch(/hunter2|YWRtaW46/)
})

test('a password in an address is not shown', async () => {
  await using fake = await startFakeConnect({ authorization: 'Basic c29tZWJvZHk6ZWxzZQ==' })
  const urls = [fake.url.replace('http://', 'http://admin:hunter2@')]

  const error: unknown = await clientOf(fake, { urls })
    .list()
    .catch(failure => failure)

  expect(inspect(error, { depth: 9 })).toContain('http://admin:***@127.0.0.1')
  expect(inspect(error, { depth: 9 })).not.toContain('hunter2')
})

test('the right credentials are let in', async () => {
  await using fake = await startFakeConnect({ authorization: 'Bearer token' })

  expect(await clientOf(fake, { headers: async () => ({ authorization: 'Bearer token' }) }).list()).toEqual(
    [],
  )
})

test.each([200, 404, 500])('a page instead of JSON is named, with HTTP %i', async status => {
  await using fake = await startFakeConnect()
  const body = '<html><head><title>Company login</title></head><body>…</body></html>'
  fake.failNext({ status, body, contentType: 'text/html; charset=utf-8' })

  await expect(clientOf(fake).status('a')).rejects.toMatchObject({
    code: 'CONNECT_FAILED',
    message: `${fake.url} answered with text/html ("Company login") instead of Kafka Connect's JSON`,
    hint: `is it the worker itself, not a proxy or another service? curl -sSi ${fake.url}/`,
  })
})

test('the JSON of another service is no answer of Connect', async () => {
  await using fake = await startFakeConnect()
  fake.failNext({ status: 200, body: { hello: 'world' } })

  await expect(clientOf(fake).cluster()).rejects.toThrow(
    `${fake.url} does not answer as Kafka Connect: version: `,
  )
})

test('an operation that an old Connect lacks is not taken for an unknown connector', async () => {
  await using fake = await startFakeConnect()
  const lacking = { status: 405, body: { error_code: 405, message: 'HTTP 405 Method Not Allowed' } }
  fake.failNext(lacking)

  await expect(clientOf(fake).patchConfig('a', { b: 'c' })).rejects.toMatchObject({
    code: 'CONNECT_FAILED',
    message: `could not change the config of a: ${fake.url} does not know PATCH /connectors/a/config (HTTP 405)`,
  })
  fake.failNext({ status: 404, body: { error_code: 404, message: 'HTTP 404 Not Found' } })
  await expect(clientOf(fake).offsets('a')).rejects.toMatchObject({ code: 'CONNECT_FAILED' })
})

test("a failure inside the worker is Connect's sentence without Java's classes, and where to look", async () => {
  await using fake = await startFakeConnect()
  const message = 'org.apache.kafka.connect.errors.ConnectException: Failed to list the offsets'
  fake.failNext({ status: 500, body: { error_code: 500, message } })

  await expect(clientOf(fake, {}, { stackHint: 'npx trib logs connect' }).offsets('a')).rejects.toMatchObject(
    {
      code: 'CONNECT_FAILED',
      message: 'could not read the offsets of a: Failed to list the offsets',
      hint: 'npx trib logs connect',
    },
  )
})

test('answers of an old Connect, which lack versions and times, are read', async () => {
  await using fake = await startFakeConnect()
  const connect = clientOf(fake)

  fake.failNext({ status: 200, body: [{ class: 'a.B', type: 'source' }] })
  expect(await connect.plugins({ connectorsOnly: true })).toEqual([
    { class: 'a.B', type: 'source', version: undefined },
  ])
  fake.failNext({ status: 200, body: { root: { level: 'INFO' } } })
  expect(await connect.loggers()).toEqual([{ name: 'root', level: 'INFO', lastModifiedMs: undefined }])
})

test('a connector without a state yet, or without a config any more, does not spoil the list', async () => {
  await using fake = await startFakeConnect()
  const info = { name: 'new', type: 'sink', config: { name: 'new', topics: 'a' }, tasks: [] }
  fake.failNext({ status: 200, body: { new: { info }, deleted: {} } })

  expect(await clientOf(fake).list()).toEqual([
    {
      ...{ name: 'new', type: 'sink', state: 'UNASSIGNED', workerId: '', trace: undefined, tasks: [] },
      config: { topics: 'a' },
    },
  ])
})

test('a certificate that nobody vouches for is refused, and accepted with its authority', async () => {
  await using fake = await startFakeConnect({ tls: { key, cert } })

  await expect(clientOf(fake).list()).rejects.toMatchObject({
    code: 'CONNECT_FAILED',
    message: `${fake.url} shows a certificate that is not trusted here, signed by fake-connect: self-signed certificate`,
    hint: 'npx trib config set-context NAME --connect-ca FILE',
  })
  expect(await clientOf(fake, { tls: { ca: cert } }).list()).toEqual([])
  expect(await clientOf(fake, { tls: { rejectUnauthorized: false, ca: undefined } }).list()).toEqual([])
})

test('what was sent is not in the cause of a failure either, which --debug prints', async () => {
  await using fake = await startFakeConnect({ tls: { key, cert } })
  const headers = async () => ({ authorization: 'Bearer hunter2' })

  const error: unknown = await clientOf(fake, { headers })
    .list()
    .catch(failure => failure)

  expect(error).toMatchObject({ cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' } })
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('hunter2')
})

test('a client shows its own certificate', async () => {
  const tls: FakeConnectOptions['tls'] = { key, cert, ca: cert }
  await using fake = await startFakeConnect({ tls })

  expect(await clientOf(fake, { tls: { ca: cert, cert, key } }).list()).toEqual([])
  await expect(clientOf(fake, { tls: { ca: cert } }).list()).rejects.toMatchObject({
    code: 'CONNECT_FAILED',
    message: `${fake.url} wants a certificate from this machine, and none is given`,
    hint: 'npx trib config set-context NAME --connect-cert FILE --connect-key FILE',
  })
})

test('https:// where http:// is spoken says so', async () => {
  await using fake = await startFakeConnect()
  const urls = [fake.url.replace('http:', 'https:')]

  await expect(clientOf(fake, { urls }).list()).rejects.toMatchObject({
    code: 'CONNECT_FAILED',
    message: `${urls[0]} speaks no TLS`,
    hint: `npx trib config set-context NAME --connect ${fake.url}`,
  })
})

test('http:// where https:// is spoken says so, at once', async () => {
  await using fake = await startFakeConnect({ tls: { key, cert } })
  const urls = [fake.url.replace('https:', 'http:')]

  await expect(clientOf(fake, { urls, context: 'prod' }).list()).rejects.toMatchObject({
    code: 'CONNECT_FAILED',
    message: `${urls[0]} speaks TLS, and was spoken to in clear text`,
    hint: `npx trib config set-context prod --connect ${fake.url}`,
  })
})
