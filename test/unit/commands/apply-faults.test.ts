import { afterEach, expect, test, vi } from 'vitest'
import { TribError } from '../../../control/errors/trib-error.ts'
import { startFakeConnect } from '../../support/fake-connect.ts'
import { openGate } from '../../support/gate.ts'
import { config, type FakeWorld, openFakeWorld } from './fake-world.ts'

const refusal = (status: number, message: string) => ({ status, body: { error_code: status, message } })
const creation = 'POST /connectors'

afterEach(() => {
  vi.restoreAllMocks()
})

/** As if so much time had passed: what was waited for is given up. */
function skipTime(ms: number): void {
  const { now } = Date
  vi.spyOn(Date, 'now').mockImplementation(() => now.call(Date) + ms)
}

/** One connector to be configured, two to be made. */
async function threeFiles(world: FakeWorld): Promise<string> {
  await world.other.create('orders', config)
  return [world.file('orders', { 'batch.size': '7' }), world.file('users'), world.file('visits')].join(' ')
}

test('worker killed between validate and apply: it says what was done, and goes on when asked again', async () => {
  await using fake = await startFakeConnect({ lagMs: 1 })
  await using gate = await openGate(fake.url)
  await using world = await openFakeWorld({ fake, url: gate.url })
  const files = await threeFiles(world)
  world.atFirst(creation, async () => {
    await gate.shut()
    skipTime(61_000)
    throw new Error('killed: the request is not carried out')
  })

  expect(await world.trib(`apply -f ${files}`)).toMatchInlineSnapshot(`
    configured     orders
    failed         users
    not begun      visits
    ! note: the databases of orders, users, visits were not looked at: the context 'test' does not say where its warehouse is
    ! ~ configure  orders  restarts-tasks
    !     batch.size: + 7
    ! + create     users   safe
    !     connector.class: io.debezium.connector.jdbc.JdbcSinkConnector
    !     and 3 more keys
    ! + create     visits  safe
    !     connector.class: io.debezium.connector.jdbc.JdbcSinkConnector
    !     and 3 more keys
    ! CONNECT_FAILED: could not create users: http://connect:8083 gave no answer (ECONNRESET)
    !   → npx trib config get-contexts
    ! not done: users, visits; the same command goes on from there:
    !   → npx trib apply -f /home/orders.json -f /home/users.json -f /home/visits.json
    exit 1
  `)
  expect((await world.other.list()).map(({ name }) => name)).toEqual(['orders'])

  await gate.open()
  expect(await world.trib(`apply -f ${files}`)).toMatchInlineSnapshot(`
    unchanged      orders
    created        users
    created        visits
    ! note: the databases of users, visits were not looked at: the context 'test' does not say where its warehouse is
    ! + create  users   safe
    !     connector.class: io.debezium.connector.jdbc.JdbcSinkConnector
    !     and 3 more keys
    ! + create  visits  safe
    !     connector.class: io.debezium.connector.jdbc.JdbcSinkConnector
    !     and 3 more keys
    ! 1 unchanged
    exit 0
  `)
  expect(await world.trib(`apply -f ${files}`)).toMatchInlineSnapshot(`
    unchanged      orders
    unchanged      users
    unchanged      visits
    exit 0
  `)
})

test('worker killed before the first change: nothing is done, and -o json says so', async () => {
  await using fake = await startFakeConnect({ lagMs: 1 })
  await using gate = await openGate(fake.url)
  await using world = await openFakeWorld({ fake, url: gate.url })
  const files = `${world.file('orders')} ${world.file('users')}`
  world.atFirst(creation, async () => {
    await gate.shut()
    skipTime(61_000)
    throw new Error('killed: the request is not carried out')
  })

  expect(await world.trib(`apply -f ${files} -o json`)).toMatchInlineSnapshot(`
    [
      {
        "name": "orders",
        "kind": "create",
        "risk": "safe",
        "keys": [
          "connection.url",
          "connector.class",
          "tasks.max",
          "topics"
        ],
        "notes": [],
        "outcome": "failed",
        "error": "could not create orders: http://connect:8083 gave no answer (ECONNRESET)"
      },
      {
        "name": "users",
        "kind": "create",
        "risk": "safe",
        "keys": [
          "connection.url",
          "connector.class",
          "tasks.max",
          "topics"
        ],
        "notes": [],
        "outcome": "not-begun",
        "error": null
      }
    ]
    ! note: the databases of orders, users were not looked at: the context 'test' does not say where its warehouse is
    ! + create  orders  safe
    !     connector.class: io.debezium.connector.jdbc.JdbcSinkConnector
    !     and 3 more keys
    ! + create  users   safe
    !     connector.class: io.debezium.connector.jdbc.JdbcSinkConnector
    !     and 3 more keys
    ! CONNECT_FAILED: could not create orders: http://connect:8083 gave no answer (ECONNRESET)
    !   → npx trib config get-contexts
    ! not done: orders, users; the same command goes on from there:
    !   → npx trib apply -f /home/orders.json -f /home/users.json
    exit 1
  `)
})

test('worker killed after it acted, before it answered: the next run finds it done', async () => {
  await using fake = await startFakeConnect({ lagMs: 1 })
  await using gate = await openGate(fake.url)
  await using world = await openFakeWorld({ fake, url: gate.url })
  const files = `${world.file('orders')} ${world.file('users')}`
  world.atFirst(creation, async () => {
    await gate.shut()
    skipTime(61_000)
  })

  expect(await world.trib(`apply -f ${files}`)).toMatchInlineSnapshot(`
    failed         orders
    not begun      users
    ! note: the databases of orders, users were not looked at: the context 'test' does not say where its warehouse is
    ! + create  orders  safe
    !     connector.class: io.debezium.connector.jdbc.JdbcSinkConnector
    !     and 3 more keys
    ! + create  users   safe
    !     connector.class: io.debezium.connector.jdbc.JdbcSinkConnector
    !     and 3 more keys
    ! CONNECT_FAILED: could not create orders: http://connect:8083 gave no answer (ECONNRESET)
    !   → npx trib config get-contexts
    ! not done: orders, users; the same command goes on from there:
    !   → npx trib apply -f /home/orders.json -f /home/users.json
    exit 1
  `)

  await gate.open()
  expect(await world.trib(`apply -f ${files}`)).toMatchInlineSnapshot(`
    unchanged      orders
    created        users
    ! note: the databases of users were not looked at: the context 'test' does not say where its warehouse is
    ! + create  users  safe
    !     connector.class: io.debezium.connector.jdbc.JdbcSinkConnector
    !     and 3 more keys
    ! 1 unchanged
    exit 0
  `)
  expect(await world.trib('history -o name')).toMatchInlineSnapshot(`
    users
    orders
    exit 0
  `)
})

test('worker that is back within the minute: apply goes on by itself', async () => {
  await using fake = await startFakeConnect({ lagMs: 1 })
  await using gate = await openGate(fake.url)
  await using world = await openFakeWorld({ fake, url: gate.url })
  const files = await threeFiles(world)
  world.atFirst(creation, async () => {
    await gate.shut()
    setTimeout(() => gate.open(), 300)
    throw new Error('killed: the request is not carried out')
  })

  expect(await world.trib(`apply -f ${files}`)).toMatchInlineSnapshot(`
    configured     orders
    created        users
    created        visits
    ! note: the databases of orders, users, visits were not looked at: the context 'test' does not say where its warehouse is
    ! ~ configure  orders  restarts-tasks
    !     batch.size: + 7
    ! + create     users   safe
    !     connector.class: io.debezium.connector.jdbc.JdbcSinkConnector
    !     and 3 more keys
    ! + create     visits  safe
    !     connector.class: io.debezium.connector.jdbc.JdbcSinkConnector
    !     and 3 more keys
    exit 0
  `)
})

test('rebalance in the middle of apply: it is waited out', async () => {
  await using world = await openFakeWorld()
  const files = await threeFiles(world)
  const message = 'Cannot complete request momentarily due to stale configuration'
  world.fake.failNext({ ...refusal(409, message), times: 3, match: creation })

  expect(await world.trib(`apply -f ${files}`)).toMatchInlineSnapshot(`
    configured     orders
    created        users
    created        visits
    ! note: the databases of orders, users, visits were not looked at: the context 'test' does not say where its warehouse is
    ! ~ configure  orders  restarts-tasks
    !     batch.size: + 7
    ! + create     users   safe
    !     connector.class: io.debezium.connector.jdbc.JdbcSinkConnector
    !     and 3 more keys
    ! + create     visits  safe
    !     connector.class: io.debezium.connector.jdbc.JdbcSinkConnector
    !     and 3 more keys
    exit 0
  `)
})

test("one connector's failure stops none of the others", async () => {
  await using world = await openFakeWorld()
  const files = await threeFiles(world)
  const message = 'org.apache.kafka.connect.errors.ConnectException: The topic connect-configs is full'
  world.fake.failNext({ ...refusal(500, message), match: 'PUT /connectors/{name}/config' })

  expect(await world.trib(`apply -f ${files}`)).toMatchInlineSnapshot(`
    failed         orders
    created        users
    created        visits
    ! note: the databases of orders, users, visits were not looked at: the context 'test' does not say where its warehouse is
    ! ~ configure  orders  restarts-tasks
    !     batch.size: + 7
    ! + create     users   safe
    !     connector.class: io.debezium.connector.jdbc.JdbcSinkConnector
    !     and 3 more keys
    ! + create     visits  safe
    !     connector.class: io.debezium.connector.jdbc.JdbcSinkConnector
    !     and 3 more keys
    ! CONNECT_FAILED: could not configure orders: The topic connect-configs is full
    !   → npx trib config get-contexts
    ! not done: orders; the same command goes on from there:
    !   → npx trib apply -f /home/orders.json -f /home/users.json -f /home/visits.json
    exit 1
  `)
  expect(await world.trib(`apply -f ${files}`)).toMatchInlineSnapshot(`
    configured     orders
    unchanged      users
    unchanged      visits
    ! note: the databases of orders were not looked at: the context 'test' does not say where its warehouse is
    ! ~ configure  orders  restarts-tasks
    !     batch.size: + 7
    ! 2 unchanged
    exit 0
  `)
})

test('^C in the middle: what is under way and what was not begun is told, and it ends with 130', async () => {
  await using world = await openFakeWorld()
  const files = await threeFiles(world)
  const interrupt = new AbortController()
  world.atFirst(creation, () => {
    interrupt.abort(new TribError('INTERRUPTED', 'ended by ^C'))
    return new Promise(() => {})
  })

  expect(await world.trib(`apply -f ${files}`, { signal: interrupt.signal })).toMatchInlineSnapshot(`
    configured     orders
    failed         users
    not begun      visits
    ! note: the databases of orders, users, visits were not looked at: the context 'test' does not say where its warehouse is
    ! ~ configure  orders  restarts-tasks
    !     batch.size: + 7
    ! + create     users   safe
    !     connector.class: io.debezium.connector.jdbc.JdbcSinkConnector
    !     and 3 more keys
    ! + create     visits  safe
    !     connector.class: io.debezium.connector.jdbc.JdbcSinkConnector
    !     and 3 more keys
    ! INTERRUPTED: users: ended while its change was under way
    !   → npx trib apply again goes on from there
    ! not done: users, visits; the same command goes on from there:
    !   → npx trib apply -f /home/orders.json -f /home/users.json -f /home/visits.json
    exit 130
  `)
})
