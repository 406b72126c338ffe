import { expect, test } from 'vitest'
import { config, openFakeWorld } from './fake-world.ts'

const validation = 'PUT /connector-plugins/{name}/config/validate'

test("somebody else's change between plan and execution is seen, not overwritten", async () => {
  await using world = await openFakeWorld()
  for (const name of ['orders', 'users']) await world.other.create(name, config)
  const files = ['orders', 'users'].map(name => world.file(name, { 'batch.size': '7' })).join(' ')
  world.atFirst(validation, () => world.other.putConfig('orders', { ...config, 'flush.max.retries': '3' }))

  expect(await world.trib(`apply -f ${files}`)).toMatchInlineSnapshot(`
    failed         orders
    configured     users
    ! note: the databases of orders, users were not looked at: the context 'test' does not say where its warehouse is
    ! ~ configure  orders  restarts-tasks
    !     batch.size: + 7
    ! ~ configure  users   restarts-tasks
    !     batch.size: + 7
    ! CHANGED_MEANWHILE: orders was left as it is: its flush.max.retries was changed by somebody else meanwhile
    !   → npx trib diff -f FILE shows how it differs now
    ! not done: orders; the same command goes on from there:
    !   → npx trib apply -f /home/orders.json -f /home/users.json
    exit 1
  `)
  expect(await world.other.config('orders')).toEqual({ ...config, 'flush.max.retries': '3' })
  expect(await world.trib(`diff -f ${files}`)).toMatchInlineSnapshot(`
    ~ configure  orders  restarts-tasks
        batch.size: + 7
        flush.max.retries: - 3
    1 unchanged
    exit 3
  `)
  expect(await world.trib(`apply -f ${files}`)).toMatchInlineSnapshot(`
    configured     orders
    unchanged      users
    ! note: the databases of orders were not looked at: the context 'test' does not say where its warehouse is
    ! ~ configure  orders  restarts-tasks
    !     batch.size: + 7
    !     flush.max.retries: - 3
    ! 1 unchanged
    exit 0
  `)
})

test('what somebody else deleted meanwhile is not made again', async () => {
  await using world = await openFakeWorld()
  await world.other.create('orders', config)
  const file = world.file('orders', { 'batch.size': '7' })
  world.atFirst(validation, () => world.other.delete('orders'))

  expect(await world.trib(`apply -f ${file}`)).toMatchInlineSnapshot(`
    failed         orders
    ! note: the databases of orders were not looked at: the context 'test' does not say where its warehouse is
    ! ~ configure  orders  restarts-tasks
    !     batch.size: + 7
    ! CHANGED_MEANWHILE: orders was left as it is: it was deleted by somebody else meanwhile
    !   → npx trib diff -f FILE shows how it differs now
    ! not done: orders; the same command goes on from there:
    !   → npx trib apply -f /home/orders.json
    exit 1
  `)
  expect(await world.other.config('orders')).toBeUndefined()
})

test('a connector that somebody else made meanwhile is not overwritten', async () => {
  await using world = await openFakeWorld()
  const files = ['orders', 'users'].map(name => world.file(name)).join(' ')
  world.atFirst(validation, () => world.other.create('orders', { ...config, 'batch.size': '9' }))

  expect(await world.trib(`apply -f ${files}`)).toMatchInlineSnapshot(`
    failed         orders
    created        users
    ! note: the databases of orders, users were not looked at: the context 'test' does not say where its warehouse is
    ! + create  orders  safe
    !     connector.class: io.debezium.connector.jdbc.JdbcSinkConnector
    !     and 3 more keys
    ! + create  users   safe
    !     connector.class: io.debezium.connector.jdbc.JdbcSinkConnector
    !     and 3 more keys
    ! CONNECTOR_EXISTS: the connector 'orders' already exists
    !   → npx trib describe connector orders
    ! not done: orders; the same command goes on from there:
    !   → npx trib apply -f /home/orders.json -f /home/users.json
    exit 1
  `)
  expect(await world.other.config('orders')).toEqual({ ...config, 'batch.size': '9' })
})

test("a patch does not overwrite somebody else's change either", async () => {
  await using world = await openFakeWorld()
  await world.other.create('orders', config)
  world.atFirst(validation, () => world.other.putConfig('orders', { ...config, 'tasks.max': '2' }))

  expect(await world.trib('patch orders --set batch.size=7')).toMatchInlineSnapshot(`
    failed         orders
    ! ~ configure  orders  restarts-tasks
    !     batch.size: + 7
    ! CHANGED_MEANWHILE: orders was left as it is: its tasks.max was changed by somebody else meanwhile
    !   → npx trib diff -f FILE shows how it differs now
    ! not done: orders; the same command goes on from there:
    !   → npx trib patch orders --set batch.size=7
    exit 1
  `)
  expect(await world.other.config('orders')).toEqual({ ...config, 'tasks.max': '2' })
})

test('pruning does not delete what somebody else changed meanwhile', async () => {
  await using world = await openFakeWorld()
  const file = world.file('orders')
  await world.trib(`apply -f ${file} ${world.file('users')}`)
  // Read once, right before the deletion.
  world.atFirst('GET /connectors/{name}/config', () =>
    world.other.putConfig('users', { ...config, 'tasks.max': '2' }),
  )

  expect(await world.trib(`apply -f ${file} --prune --yes`)).toMatchInlineSnapshot(`
    unchanged      orders
    failed         users
    ! - delete  users  loses-position
    !     connector.class: io.debezium.connector.jdbc.JdbcSinkConnector
    !     and 3 more keys
    !     ! the offsets of its group 'connect-users' stay in Kafka until they expire (7 days by default): a sink created under this name before that goes on from there, a later one reads everything again
    ! 1 unchanged
    ! CHANGED_MEANWHILE: users was left as it is: its tasks.max was changed by somebody else meanwhile
    !   → npx trib diff -f FILE shows how it differs now
    ! not done: users; the same command goes on from there:
    !   → npx trib apply -f /home/orders.json --prune
    exit 1
  `)
  expect(await world.other.config('users')).toEqual({ ...config, 'tasks.max': '2' })
})

test('what pruning would delete and somebody else has deleted is done', async () => {
  await using world = await openFakeWorld()
  const file = world.file('orders')
  await world.trib(`apply -f ${file} ${world.file('users')}`)
  world.atFirst('GET /connectors/{name}/config', () => world.other.delete('users'))

  expect(await world.trib(`apply -f ${file} --prune --yes`)).toMatchInlineSnapshot(`
    unchanged      orders
    deleted        users
    ! - delete  users  loses-position
    !     connector.class: io.debezium.connector.jdbc.JdbcSinkConnector
    !     and 3 more keys
    !     ! the offsets of its group 'connect-users' stay in Kafka until they expire (7 days by default): a sink created under this name before that goes on from there, a later one reads everything again
    ! 1 unchanged
    exit 0
  `)
})
