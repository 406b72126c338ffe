import { expect, test } from 'vitest'
import { startFakeConnect } from '../../support/fake-connect.ts'
import { openFakeWorld } from './fake-world.ts'

test('Connect down is one sentence with the address and the next step, within 5 s', async () => {
  await using world = await openFakeWorld()
  await world.fake.close()
  const startedAt = performance.now()

  expect(await world.trib('get connectors')).toMatchInlineSnapshot(`
    ! CONNECT_FAILED: no Kafka Connect answers at http://connect:8083 (ECONNREFUSED)
    !   → npx trib config get-contexts
    exit 1
  `)
  expect(performance.now() - startedAt).toBeLessThan(5_000)
})

test("a proxy's page instead of JSON is named", async () => {
  await using world = await openFakeWorld()
  const body = '<html><head><title>Company login</title></head></html>'

  for (const command of ['get connectors', 'apply -f connectors/moodle', 'delete orders']) {
    world.fake.failNext({ status: 200, body, contentType: 'text/html' })
    expect(await world.trib(command)).toMatchInlineSnapshot(`
      ! CONNECT_FAILED: http://connect:8083 answered with text/html ("Company login") instead of Kafka Connect's JSON
      !   → is it the worker itself, not a proxy or another service? curl -sSi http://connect:8083/
      exit 1
    `)
  }
  expect(world.fake.requests.every(({ template }) => template.startsWith('GET '))).toBe(true)
})

test('a page that comes with the answer to a change is named, too', async () => {
  await using world = await openFakeWorld()
  const body = '<html><head><title>Company login</title></head></html>'
  world.fake.failNext({ status: 200, body, contentType: 'text/html', match: 'POST /connectors' })

  expect(await world.trib(`apply -f ${world.file('orders')}`)).toMatchInlineSnapshot(`
    failed         orders
    ! note: the databases of orders were not looked at: the context 'test' does not say where its warehouse is
    ! + create  orders  safe
    !     connector.class: io.debezium.connector.jdbc.JdbcSinkConnector
    !     and 3 more keys
    ! CONNECT_FAILED: http://connect:8083 answered with text/html ("Company login") instead of Kafka Connect's JSON
    !   → is it the worker itself, not a proxy or another service? curl -sSi http://connect:8083/
    ! not done: orders; the same command goes on from there:
    !   → npx trib apply -f /home/orders.json
    exit 1
  `)
})

test('a refusal for want of credentials says which were sent', async () => {
  await using fake = await startFakeConnect({ authorization: 'Basic b3BlcmF0b3I6aHVudGVyMg==' })
  await using world = await openFakeWorld({ fake, url: fake.url })

  expect(await world.trib('get connectors')).toMatchInlineSnapshot(`
    ! CONNECT_DENIED: http://connect:8083 refuses the request (HTTP 401); no authentication was sent
    !   → npx trib config set-context test --connect-user USER --connect-password env:CONNECT_PASSWORD
    exit 1
  `)
})

test('who presses Tab where Connect is down gets no names and no error', async () => {
  await using world = await openFakeWorld()
  await world.fake.close()

  const { code, stdout, stderr } = await world.terminal.run(['complete', '--', 'get', 'connectors', ''])
  expect([code, stdout, stderr]).toEqual([0, '', ''])
})
