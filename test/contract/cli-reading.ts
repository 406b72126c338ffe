import { describe, expect, test } from 'vitest'
import type { CliContext } from './cli-context.ts'

/** `get connectors`, `describe connector`. */
export function cliReading(of: CliContext): void {
  describe('get connectors', () => {
    test('without a name shows all of them', async () => {
      expect(await of.trib('get connectors')).toMatchInlineSnapshot(`
        NAME              TYPE    STATE    TASKS
        community-source  source  RUNNING  1 RUNNING
        sites-source      source  RUNNING  1 RUNNING
        warehouse-sink    sink    RUNNING  1 RUNNING
        exit 0
      `)
    })

    test('-o wide adds where they run, what they are and their topics', async () => {
      const name = await of.deployed('orders')

      expect(await of.trib(`get connectors ${name} -o wide`)).toMatchInlineSnapshot(`
        NAME             TYPE  STATE    TASKS  WORKER           CLASS                                         TOPICS
        orders-________  sink  STOPPED  none   127.0.0.1:8083_  io.debezium.connector.jdbc.JdbcSinkConnector  topic_______
        exit 0
      `)
    })

    test('-o json has exactly these keys', async () => {
      const name = await of.deployed('orders', { state: 'RUNNING' })

      expect(await of.trib(`get connectors ${name} -o json`)).toMatchInlineSnapshot(`
        [
          {
            "name": "orders-________",
            "type": "sink",
            "class": "io.debezium.connector.jdbc.JdbcSinkConnector",
            "state": "RUNNING",
            "tasks": [
              {
                "id": 0,
                "state": "RUNNING"
              }
            ],
            "topics": [
              "topic_______"
            ],
            "worker": "127.0.0.1:8083_"
          }
        ]
        exit 0
      `)
    })

    test('-o yaml is the same document', async () => {
      const name = await of.deployed('orders')

      expect(await of.trib(`get connector ${name} -o yaml`)).toMatchInlineSnapshot(`
        - name: orders-________
          type: sink
          class: io.debezium.connector.jdbc.JdbcSinkConnector
          state: STOPPED
          tasks: []
          topics:
            - topic_______
          worker: 127.0.0.1:8083_
        exit 0
      `)
    })

    test('-o name prints names for other programs', async () => {
      const orders = await of.deployed('orders')
      const users = await of.deployed('users')

      expect(await of.trib(`get connectors ${users} ${orders} -o name`)).toMatchInlineSnapshot(`
        users-________
        orders-________
        exit 0
      `)
    })

    test('-e takes patterns of whole names', async () => {
      const name = await of.deployed('orders')

      const pattern = name.replace('orders', '(orders|users)')
      expect(await of.trib(`get connectors -e ${pattern} .*-source`)).toMatchInlineSnapshot(`
        NAME              TYPE    STATE    TASKS
        community-source  source  RUNNING  1 RUNNING
        orders-________   sink    STOPPED  none
        sites-source      source  RUNNING  1 RUNNING
        exit 0
      `)
      expect(await of.trib('get connectors -e order')).toMatchInlineSnapshot(`
        ! CONNECTOR_UNKNOWN: no connector's name matches order
        !   → connectors: community-source, orders-________, sites-source, warehouse-sink
        exit 2
      `)
    })

    test('an unknown name is refused with the nearest', async () => {
      expect(await of.trib('get connectors warehouse-snik')).toMatchInlineSnapshot(`
        ! CONNECTOR_UNKNOWN: there is no connector 'warehouse-snik'; did you mean 'warehouse-sink'?
        !   → connectors: community-source, sites-source, warehouse-sink
        exit 2
      `)
    })

    test('an unknown option is refused with the nearest', async () => {
      expect(await of.trib('get connectors --regex')).toMatchInlineSnapshot(`
        ! error: unknown option '--regex'
        ! (Did you mean --regexp?)
        ! (trib --help shows every command)
        exit 2
      `)
    })
  })

  describe('describe connector', () => {
    test('tells state, tasks, topics, offsets and config', async () => {
      const name = await of.reached('orders', 2)

      expect(await of.trib(`describe ${name}`)).toMatchInlineSnapshot(`
        name     orders-________
        type     sink
        class    io.debezium.connector.jdbc.JdbcSinkConnector
        state    STOPPED
        worker   127.0.0.1:8083_
        applied  not from here

        tasks
          none

        topics
          topic_______

        offsets
          PARTITION       OFFSET
          topic_______/0       2

        config
          KEY                             VALUE
          connection.password             \${env:WAREHOUSE_SINK_PASSWORD}
          connection.url                  jdbc:postgresql://\${env:WAREHOUSE_HOST}:\${env:WAREHOUSE_PORT}/warehouse?reWriteBatchedInserts=true&stringtype=unspecified&ApplicationName=warehouse-sink
          connection.username             sink
          connector.class                 io.debezium.connector.jdbc.JdbcSinkConnector
          key.converter                   org.apache.kafka.connect.json.JsonConverter
          key.converter.schemas.enable    false
          tasks.max                       1
          topics                          topic_______
          transforms                      drop
          transforms.drop.type            org.apache.kafka.connect.transforms.Filter
          value.converter                 org.apache.kafka.connect.json.JsonConverter
          value.converter.schemas.enable  false
        exit 0
      `)
    })

    test('-o json is one document', async () => {
      const name = await of.reached('orders', 3)
      await of.connect().resume(name)
      await of.settled(name, 'RUNNING RUNNING')
      await of.connect().pause(name)

      expect(await of.trib(`describe connector ${name} -o json`)).toMatchInlineSnapshot(`
        {
          "name": "orders-________",
          "type": "sink",
          "class": "io.debezium.connector.jdbc.JdbcSinkConnector",
          "state": "PAUSED",
          "worker": "127.0.0.1:8083_",
          "trace": null,
          "tasks": [
            {
              "id": 0,
              "state": "PAUSED",
              "worker": "127.0.0.1:8083_",
              "trace": null
            }
          ],
          "topics": [
            "topic_______"
          ],
          "offsets": [
            {
              "partition": {
                "kafka_partition": 0,
                "kafka_topic": "topic_______"
              },
              "offset": {
                "kafka_offset": 3
              }
            }
          ],
          "applied": null,
          "config": {
            "connection.password": "\${env:WAREHOUSE_SINK_PASSWORD}",
            "connection.url": "jdbc:postgresql://\${env:WAREHOUSE_HOST}:\${env:WAREHOUSE_PORT}/warehouse?reWriteBatchedInserts=true&stringtype=unspecified&ApplicationName=warehouse-sink",
            "connection.username": "sink",
            "connector.class": "io.debezium.connector.jdbc.JdbcSinkConnector",
            "key.converter": "org.apache.kafka.connect.json.JsonConverter",
            "key.converter.schemas.enable": "false",
            "tasks.max": "1",
            "topics": "topic_______",
            "transforms": "drop",
            "transforms.drop.type": "org.apache.kafka.connect.transforms.Filter",
            "value.converter": "org.apache.kafka.connect.json.JsonConverter",
            "value.converter.schemas.enable": "false"
          }
        }
        exit 0
      `)
    })

    test('a secret that somebody else deployed in clear is ***', async () => {
      const url = 'jdbc:postgresql://127.0.0.1:5432/warehouse?user=sink&password=hunter3'
      const config = { ...of.sink(), 'connection.password': 'hunter2', 'connection.url': url }
      const name = await of.deployed('orders', { config })

      const text = await of.trib(`describe ${name}`)
      expect(text.transcript).toContain('connection.password             ***\n')
      expect(text.transcript).toContain('/warehouse?user=sink&password=***\n')
      for (const output of ['table', 'json', 'yaml', 'wide']) {
        const { transcript } = await of.trib(`describe ${name} -o ${output} --debug`)
        expect(transcript).not.toMatch(/hunter/)
      }
    })

    test('an unknown name is refused with the nearest', async () => {
      expect(await of.trib('describe warehose-sink')).toMatchInlineSnapshot(`
        ! CONNECTOR_UNKNOWN: there is no connector 'warehose-sink'; did you mean 'warehouse-sink'?
        !   → connectors: community-source, sites-source, warehouse-sink
        exit 2
      `)
    })
  })
}
