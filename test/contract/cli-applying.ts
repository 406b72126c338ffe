import { describe, expect, test } from 'vitest'
import { type CliContext, unreachable } from './cli-context.ts'

export function cliApplying(of: CliContext): void {
  describe('apply', () => {
    test('creates, and the same again changes nothing', async () => {
      const file = of.file(of.newName('orders'))

      expect(await of.trib(`apply -f ${file}`)).toMatchInlineSnapshot(`
        created        orders-________
        ! note: the databases of orders-________ were not looked at: the context 'test' does not say where its warehouse is
        ! + create  orders-________  safe
        !     connector.class: io.debezium.connector.jdbc.JdbcSinkConnector
        !     state: stopped
        !     and 11 more keys
        exit 0
      `)
      expect(await of.trib(`apply -f ${file}`)).toMatchInlineSnapshot(`
        unchanged      orders-________
        exit 0
      `)
      expect(await of.trib(`diff -f ${file}`)).toMatchInlineSnapshot(`
        1 unchanged
        exit 0
      `)
    })

    test('configures what differs', async () => {
      const name = await of.deployed('orders')
      const config = { ...of.sink(), 'batch.size': '7' }

      expect(await of.trib(`apply -f ${of.file(name, config)}`)).toMatchInlineSnapshot(`
        configured     orders-________
        ! note: the databases of orders-________ were not looked at: the context 'test' does not say where its warehouse is
        ! ~ configure  orders-________  restarts-tasks
        !     batch.size: + 7
        exit 0
      `)
      expect(await of.connect().config(name)).toEqual(config)
    })

    test('reads standard input, and -n names a bare config', async () => {
      const name = of.newName('orders')

      expect(
        await of.trib(`apply -f - -n ${name} -o name`, { stdin: JSON.stringify(of.sink()) }),
      ).toMatchInlineSnapshot(`
        orders-________
        ! note: the databases of orders-________ were not looked at: the context 'test' does not say where its warehouse is
        ! + create  orders-________  safe
        !     connector.class: io.debezium.connector.jdbc.JdbcSinkConnector
        !     and 11 more keys
        exit 0
      `)
      expect(await of.connect().config(name)).toEqual(of.sink())
    })

    test('brings a connector into the state that its file says', async () => {
      const name = await of.deployed('orders', { state: 'PAUSED' })

      expect(await of.trib(`apply -f ${of.file(name, of.sink(), 'STOPPED')}`)).toMatchInlineSnapshot(`
        state changed  orders-________
        ! › set-state  orders-________  safe
        !     state: paused → stopped
        exit 0
      `)
      await of.settled(name, 'STOPPED')
    })

    test('takes the KafkaConnector of Strimzi, with its state', async () => {
      const name = await of.deployed('orders', { state: 'PAUSED' })
      const { 'connector.class': pluginClass, 'tasks.max': tasks, ...config } = of.sink()
      const resource = {
        ...{ apiVersion: 'kafka.strimzi.io/v1beta2', kind: 'KafkaConnector', metadata: { name } },
        spec: { class: pluginClass, tasksMax: Number(tasks), state: 'running', config },
      }
      const file = of.terminal().write('orders.yaml', JSON.stringify(resource))

      expect(await of.trib(`apply -f ${file} --wait`)).toMatchInlineSnapshot(`
        state changed  orders-________
        ! › set-state  orders-________  safe
        !     state: paused → running
        exit 0
      `)
      await of.settled(name, 'RUNNING RUNNING')
    })

    test('--dry-run changes nothing and ends with 3', async () => {
      const name = of.newName('orders')

      expect(await of.trib(`apply -f ${of.file(name)} --dry-run`)).toMatchInlineSnapshot(`
        + create  orders-________  safe
            connector.class: io.debezium.connector.jdbc.JdbcSinkConnector
            state: stopped
            and 11 more keys
        ! note: the databases of orders-________ were not looked at: the context 'test' does not say where its warehouse is
        exit 3
      `)
      expect(await of.connect().config(name)).toBeUndefined()
    })

    test('--wait returns when all tasks run', async () => {
      const name = of.newName('orders')

      expect(await of.trib(`apply -f ${of.file(name, of.sink(), 'RUNNING')} --wait`)).toMatchInlineSnapshot(`
        created        orders-________
        ! note: the databases of orders-________ were not looked at: the context 'test' does not say where its warehouse is
        ! + create  orders-________  safe
        !     connector.class: io.debezium.connector.jdbc.JdbcSinkConnector
        !     and 11 more keys
        exit 0
      `)
      expect(await of.trib(`get connectors ${name}`)).toMatchInlineSnapshot(`
        NAME             TYPE  STATE    TASKS
        orders-________  sink  RUNNING  1 RUNNING
        exit 0
      `)
    })

    test('--wait ends with 1 and the cause when a task fails', async () => {
      const name = of.newName('orders')
      const file = of.file(name, { ...of.sink(), ...unreachable }, 'RUNNING')

      expect(await of.trib(`apply -f ${file} --wait`)).toMatchInlineSnapshot(`
        created        orders-________
        ! note: the databases of orders-________ were not looked at: the context 'test' does not say where its warehouse is
        ! + create  orders-________  safe
        !     connector.class: io.debezium.connector.jdbc.JdbcSinkConnector
        !     and 11 more keys
        ! CONNECTOR_FAILED: orders-________ failed: org.hibernate.HibernateException: Unable to determine Dialect without JDBC metadata (please set 'jakarta.persistence.jdbc.url' for common cases or 'hibernate.dialect' when a custom Dialect implementation must be provided)
        !   → npx trib describe orders-________
        exit 1
      `)
    })

    test('restarts what failed', async () => {
      const name = of.newName('orders')
      const config = { ...of.sink(), ...unreachable }
      await of.connect().create(name, config)
      await of.settled(name, 'RUNNING FAILED')

      expect(await of.trib(`apply -f ${of.file(name, config, 'RUNNING')}`)).toMatchInlineSnapshot(`
        restarted      orders-________
        ! ↻ restart  orders-________  restarts-tasks
        !     ! task 0 is FAILED on 127.0.0.1:8083_
        exit 0
      `)
    })

    test('a risky change without --yes ends with 2 and changes nothing', async () => {
      const name = await of.deployed('orders')
      const file = of.file(name, { ...of.sink(), 'connection.url': 'jdbc:postgresql://127.0.0.1:5432/other' })

      expect(await of.refused(`apply -f ${file}`)).toMatchInlineSnapshot(`
        ! note: the databases of orders-________ were not looked at: the context 'test' does not say where its warehouse is
        ! ~ configure  orders-________  loses-position
        !     connection.url: jdbc:postgresql://\${env:WAREHOUSE_HOST}:\${env:WAREHOUSE_PORT}/warehouse?reWriteBatchedInserts=true&stringtype=unspecified&ApplicationName=warehouse-sink → jdbc:postgresql://127.0.0.1:5432/other
        !     ! connection.url leads to another place: rows that were already read are not written there
        ! CONFIRMATION_NEEDED: to configure orders-________ loses-position, and nobody said yes; nothing was changed
        !   → npx trib apply -f /home/orders-________.json --yes
        exit 2
      `)
      expect(await of.refused(`apply -f ${file}`, { answer: 'y' })).toMatchInlineSnapshot(`
        ! note: the databases of orders-________ were not looked at: the context 'test' does not say where its warehouse is
        ! ~ configure  orders-________  loses-position
        !     connection.url: jdbc:postgresql://\${env:WAREHOUSE_HOST}:\${env:WAREHOUSE_PORT}/warehouse?reWriteBatchedInserts=true&stringtype=unspecified&ApplicationName=warehouse-sink → jdbc:postgresql://127.0.0.1:5432/other
        !     ! connection.url leads to another place: rows that were already read are not written there
        ! to configure orders-________ loses-position. Go on? (yes/no) y
        ! CONFIRMATION_NEEDED: to configure orders-________ loses-position, and nobody said yes; nothing was changed
        !   → npx trib apply -f /home/orders-________.json --yes
        exit 2
      `)
    })

    test('a risky change goes on when the person answers yes', async () => {
      const name = await of.deployed('orders')
      const config = { ...of.sink(), 'consumer.override.group.id': name }

      expect(await of.trib(`apply -f ${of.file(name, config)}`, { answer: 'yes' })).toMatchInlineSnapshot(`
        configured     orders-________
        ! note: the databases of orders-________ were not looked at: the context 'test' does not say where its warehouse is
        ! ~ configure  orders-________  re-snapshots
        !     consumer.override.group.id: + orders-________
        !     ! the group 'orders-________' has offsets of its own: where it has none, all topics are read again from the start
        ! to configure orders-________ re-snapshots. Go on? (yes/no) yes
        exit 0
      `)
      expect(await of.connect().config(name)).toEqual(config)
    })

    test('--prune deletes only what was applied from here, and only with --yes', async () => {
      const foreign = await of.deployed('foreign')
      const orders = of.newName('orders')
      const users = of.newName('users')
      const file = of.file(orders)
      await of.trib(`apply -f ${file} ${of.file(users)}`)

      expect(await of.trib(`diff -f ${file} --prune`)).toMatchInlineSnapshot(`
        - delete  users-________  loses-position
            connector.class: io.debezium.connector.jdbc.JdbcSinkConnector
            and 11 more keys
            ! the offsets of its group 'connect-users-________' stay in Kafka until they expire (7 days by default): a sink created under this name before that goes on from there, a later one reads everything again
        1 unchanged
        exit 3
      `)
      expect(await of.refused(`apply -f ${file} --prune`)).toMatchInlineSnapshot(`
        ! - delete  users-________  loses-position
        !     connector.class: io.debezium.connector.jdbc.JdbcSinkConnector
        !     and 11 more keys
        !     ! the offsets of its group 'connect-users-________' stay in Kafka until they expire (7 days by default): a sink created under this name before that goes on from there, a later one reads everything again
        ! 1 unchanged
        ! CONFIRMATION_NEEDED: to delete users-________ loses-position, and nobody said yes; nothing was changed
        !   → npx trib apply -f /home/orders-________.json --prune --yes
        exit 2
      `)
      expect(await of.trib(`apply -f ${file} --prune --yes`)).toMatchInlineSnapshot(`
        unchanged      orders-________
        deleted        users-________
        ! - delete  users-________  loses-position
        !     connector.class: io.debezium.connector.jdbc.JdbcSinkConnector
        !     and 11 more keys
        !     ! the offsets of its group 'connect-users-________' stay in Kafka until they expire (7 days by default): a sink created under this name before that goes on from there, a later one reads everything again
        ! 1 unchanged
        exit 0
      `)
      expect(await of.trib(`get connectors -e .*${orders.slice(-9)} -o name`)).toMatchInlineSnapshot(`
        foreign-________
        orders-________
        exit 0
      `)
      expect(await of.connect().config(foreign)).toEqual(of.sink())
    })

    test('-o json is the plan with what became of it', async () => {
      const orders = await of.deployed('orders')
      const files = `${of.file(orders)} ${of.file(of.newName('users'))}`

      expect(await of.trib(`apply -f ${files} -o json`)).toMatchInlineSnapshot(`
        [
          {
            "name": "orders-________",
            "kind": "none",
            "risk": "safe",
            "keys": [],
            "notes": [],
            "outcome": "unchanged",
            "error": null
          },
          {
            "name": "users-________",
            "kind": "create",
            "risk": "safe",
            "keys": [
              "connection.password",
              "connection.url",
              "connection.username",
              "connector.class",
              "key.converter",
              "key.converter.schemas.enable",
              "state",
              "tasks.max",
              "topics",
              "transforms",
              "transforms.drop.type",
              "value.converter",
              "value.converter.schemas.enable"
            ],
            "notes": [],
            "outcome": "done",
            "error": null
          }
        ]
        ! note: the databases of users-________ were not looked at: the context 'test' does not say where its warehouse is
        ! + create  users-________  safe
        !     connector.class: io.debezium.connector.jdbc.JdbcSinkConnector
        !     state: stopped
        !     and 11 more keys
        ! 1 unchanged
        exit 0
      `)
    })

    test('without a file is refused', async () => {
      expect(await of.refused('apply')).toMatchInlineSnapshot(`
        ! error: required option '-f, --file <path...>' not specified
        ! (trib --help shows every command)
        exit 2
      `)
    })
  })
}
