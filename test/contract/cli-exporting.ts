import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { CliContext } from './cli-context.ts'

export function cliExporting(of: CliContext): void {
  describe('export', () => {
    test('prints one connector as a file that apply takes', async () => {
      const name = await of.deployed('orders', { config: { ...of.sink(), 'batch.size': '7' } })

      expect(await of.trib(`export ${name}`)).toMatchInlineSnapshot(`
        {
          "name": "orders-________",
          "initial_state": "STOPPED",
          "config": {
            "connector.class": "io.debezium.connector.jdbc.JdbcSinkConnector",
            "tasks.max": "1",
            "batch.size": "7",
            "connection.password": "\${env:WAREHOUSE_SINK_PASSWORD}",
            "connection.url": "jdbc:postgresql://\${env:WAREHOUSE_HOST}:\${env:WAREHOUSE_PORT}/warehouse?reWriteBatchedInserts=true&stringtype=unspecified&ApplicationName=warehouse-sink",
            "connection.username": "sink",
            "key.converter": "org.apache.kafka.connect.json.JsonConverter",
            "key.converter.schemas.enable": "false",
            "topics": "topic_______",
            "transforms": "drop",
            "transforms.drop.type": "org.apache.kafka.connect.transforms.Filter",
            "value.converter": "org.apache.kafka.connect.json.JsonConverter",
            "value.converter.schemas.enable": "false"
          }
        }
        exit 0
      `)
      expect(await of.trib(`export ${name} --format yaml`)).toMatchInlineSnapshot(`
        name: "orders-________"
        initial_state: STOPPED
        config:
          connector.class: "io.debezium.connector.jdbc.JdbcSinkConnector"
          tasks.max: "1"
          batch.size: "7"
          connection.password: "\${env:WAREHOUSE_SINK_PASSWORD}"
          connection.url: "jdbc:postgresql://\${env:WAREHOUSE_HOST}:\${env:WAREHOUSE_PORT}/warehouse?reWriteBatchedInserts=true&stringtype=unspecified&ApplicationName=warehouse-sink"
          connection.username: "sink"
          key.converter: "org.apache.kafka.connect.json.JsonConverter"
          key.converter.schemas.enable: "false"
          topics: "topic_______"
          transforms: "drop"
          transforms.drop.type: "org.apache.kafka.connect.transforms.Filter"
          value.converter: "org.apache.kafka.connect.json.JsonConverter"
          value.converter.schemas.enable: "false"
        exit 0
      `)
      expect(await of.trib(`export ${name} --format strimzi`)).toMatchInlineSnapshot(`
        apiVersion: kafka.strimzi.io/v1
        kind: KafkaConnector
        metadata:
          name: "orders-________"
          labels:
            # The name of your KafkaConnect; without this label Strimzi leaves the connector alone.
            strimzi.io/cluster: connect
        spec:
          class: "io.debezium.connector.jdbc.JdbcSinkConnector"
          tasksMax: 1
          state: stopped
          config:
            batch.size: "7"
            connection.password: "\${env:WAREHOUSE_SINK_PASSWORD}"
            connection.url: "jdbc:postgresql://\${env:WAREHOUSE_HOST}:\${env:WAREHOUSE_PORT}/warehouse?reWriteBatchedInserts=true&stringtype=unspecified&ApplicationName=warehouse-sink"
            connection.username: "sink"
            key.converter: "org.apache.kafka.connect.json.JsonConverter"
            key.converter.schemas.enable: "false"
            topics: "topic_______"
            transforms: "drop"
            transforms.drop.type: "org.apache.kafka.connect.transforms.Filter"
            value.converter: "org.apache.kafka.connect.json.JsonConverter"
            value.converter.schemas.enable: "false"
        exit 0
      `)
    })

    test.each(['json', 'yaml', 'strimzi'])(
      'as %s into a folder gives files that do not differ',
      async format => {
        const orders = await of.deployed('orders')
        const users = await of.deployed('users', { state: 'PAUSED' })
        const folder = join(of.terminal().folder, 'exported')

        expect(
          (await of.trib(`export ${orders} ${users} --format ${format} --to ${folder}`)).transcript,
        ).toBe(
          ['orders', 'users']
            .map(label => `/home/exported/${label}-________.${format === 'json' ? 'json' : 'yaml'}\n`)
            .concat('exit 0')
            .join(''),
        )
        const diff = await of.terminal().run(['diff', '-f', folder])
        expect([diff.stdout, diff.code]).toEqual(['2 unchanged\n', 0])
      },
    )

    test('of several on standard output are documents that do not differ', async () => {
      const orders = await of.deployed('orders')
      const users = await of.deployed('users')

      const { stdout } = await of.terminal().run(['export', orders, users])

      expect(await of.trib('diff -f -', { stdin: stdout })).toMatchInlineSnapshot(`
        2 unchanged
        exit 0
      `)
    })

    test('does not overwrite a file', async () => {
      const name = await of.deployed('orders')
      of.file(name)

      expect(await of.refused(`export ${name} --to ${of.terminal().folder}`)).toMatchInlineSnapshot(`
        ! USAGE: /home/orders-________.json is there already; it and the files after it were not written
        !   → choose another folder, or --force
        exit 2
      `)
      expect(await of.trib(`export ${name} --to ${of.terminal().folder} --force`)).toMatchInlineSnapshot(`
        /home/orders-________.json
        exit 0
      `)
    })

    test('writes a reference for a secret that is deployed in clear', async () => {
      const config = { ...of.sink(), 'connection.password': 'hunter2' }
      const name = await of.deployed('orders', { config })

      expect(await of.trib(`export ${name} --format yaml`)).toMatchInlineSnapshot(`
        name: "orders-________"
        initial_state: STOPPED
        config:
          connector.class: "io.debezium.connector.jdbc.JdbcSinkConnector"
          tasks.max: "1"
          connection.password: "\${env:ORDERS__________CONNECTION_PASSWORD}"
          connection.url: "jdbc:postgresql://\${env:WAREHOUSE_HOST}:\${env:WAREHOUSE_PORT}/warehouse?reWriteBatchedInserts=true&stringtype=unspecified&ApplicationName=warehouse-sink"
          connection.username: "sink"
          key.converter: "org.apache.kafka.connect.json.JsonConverter"
          key.converter.schemas.enable: "false"
          topics: "topic_______"
          transforms: "drop"
          transforms.drop.type: "org.apache.kafka.connect.transforms.Filter"
          value.converter: "org.apache.kafka.connect.json.JsonConverter"
          value.converter.schemas.enable: "false"
        ! orders-________: connection.password is deployed in clear; it was written as \${env:ORDERS__________CONNECTION_PASSWORD}: give the worker that variable
        exit 0
      `)
    })

    test('of an unknown name is refused', async () => {
      expect(await of.refused('export warehouse-snik')).toMatchInlineSnapshot(`
        ! CONNECTOR_UNKNOWN: there is no connector 'warehouse-snik'; did you mean 'warehouse-sink'?
        !   → connectors: community-source, sites-source, warehouse-sink
        exit 2
      `)
    })
  })
}
