import { describe, expect, test } from 'vitest'
import type { CliContext } from './cli-context.ts'

/** `validate` and `diff`. */
export function cliPlanning(of: CliContext): void {
  describe('validate', () => {
    test('says ok of what Connect would take', async () => {
      const file = of.file(of.newName('orders'))

      expect(await of.trib(`validate -f ${file}`)).toMatchInlineSnapshot(`
        SEVERITY  NAME             MESSAGE
        ok        orders-________
        exit 0
      `)
      expect(
        await of.trib('validate -f connectors/moodle/warehouse-sink.json -o json'),
      ).toMatchInlineSnapshot(`
        [
          {
            "name": "warehouse-sink",
            "file": "connectors/moodle/warehouse-sink.json",
            "severity": "ok",
            "message": ""
          }
        ]
        exit 0
      `)
    })

    test('tells every error of every file and ends with 2', async () => {
      const { topics: _, ...config } = of.sink()
      const orders = of.file(of.newName('orders'), { ...config, 'bath.size': '1' })
      const users = of.file(of.newName('users'), { ...of.sink(), 'batch.size': 'abc' })

      expect(await of.refused(`validate -f ${orders} ${users}`)).toMatchInlineSnapshot(`
        SEVERITY  NAME             MESSAGE
        error     orders-________  'topics' is refused: Must configure one of topics or topics.regex
        error     orders-________  'topics.regex' is refused: Must configure one of topics or topics.regex
        error     orders-________  unknown key 'bath.size'; did you mean 'batch.size'?
        error     users-________   'batch.size' 'abc' is refused: Not a number of type INT
        exit 2
      `)
      expect(await of.refused(`validate -f ${orders} ${users} --allow-unknown`)).toMatchInlineSnapshot(`
        SEVERITY  NAME             MESSAGE
        error     orders-________  'topics' is refused: Must configure one of topics or topics.regex
        error     orders-________  'topics.regex' is refused: Must configure one of topics or topics.regex
        warning   orders-________  unknown key 'bath.size'; did you mean 'batch.size'?
        error     users-________   'batch.size' 'abc' is refused: Not a number of type INT
        exit 2
      `)
    })

    test('a key that is no slip is a warning', async () => {
      const file = of.file(of.newName('orders'), { ...of.sink(), 'our.own.remark': 'x' })

      expect(await of.trib(`validate -f ${file}`)).toMatchInlineSnapshot(`
        SEVERITY  NAME             MESSAGE
        warning   orders-________  the plugin does not list the key 'our.own.remark'
        exit 0
      `)
    })
  })

  describe('diff', () => {
    test('is empty when a file is as deployed, whatever the form of the values', async () => {
      const name = await of.deployed('orders', { config: { ...of.sink(), 'tasks.max': '1' } })
      const config = { ...of.sink(), 'tasks.max': '01', 'batch.size': '500' }
      const file = of.terminal().write('orders.json', JSON.stringify({ name, config }))

      expect(await of.trib(`diff -f ${file}`)).toMatchInlineSnapshot(`
        1 unchanged
        exit 0
      `)
      expect(await of.trib(`diff -f ${file} -o json`)).toMatchInlineSnapshot(`
        [
          {
            "name": "orders-________",
            "kind": "none",
            "risk": "safe",
            "keys": [],
            "notes": []
          }
        ]
        exit 0
      `)
    })

    test('shows what apply would do, and ends with 3', async () => {
      const orders = await of.deployed('orders', { config: { ...of.sink(), 'batch.size': '7' } })
      const users = await of.deployed('users')
      const files = [
        of.file(orders, { ...of.sink(), 'flush.max.retries': '3' }),
        of.file(users, of.sink(), 'PAUSED'),
        of.file(of.newName('visits')),
      ].join(' ')

      expect(await of.trib(`diff -f ${files}`)).toMatchInlineSnapshot(`
        ~ configure  orders-________  restarts-tasks
            batch.size: - 7
            flush.max.retries: + 3
        › set-state  users-________   safe
            state: stopped → paused
        + create     visits-________  safe
            connector.class: io.debezium.connector.jdbc.JdbcSinkConnector
            state: stopped
            and 11 more keys
        exit 3
      `)
      expect(await of.trib(`diff -f ${files} -o json`)).toMatchInlineSnapshot(`
        [
          {
            "name": "orders-________",
            "kind": "configure",
            "risk": "restarts-tasks",
            "keys": [
              "batch.size",
              "flush.max.retries"
            ],
            "notes": []
          },
          {
            "name": "users-________",
            "kind": "set-state",
            "risk": "safe",
            "keys": [
              "state"
            ],
            "notes": []
          },
          {
            "name": "visits-________",
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
            "notes": []
          }
        ]
        exit 3
      `)
    })

    test('the committed connectors do not differ', async () => {
      expect(await of.trib('diff -f connectors/moodle')).toMatchInlineSnapshot(`
        3 unchanged
        exit 0
      `)
    })

    test('a secret in clear is *** in it', async () => {
      const config = { ...of.sink(), 'connection.password': 'hunter2' }
      const name = await of.deployed('orders', { config })

      expect(await of.trib(`diff -f ${of.file(name)}`)).toMatchInlineSnapshot(`
        ~ configure  orders-________  restarts-tasks
            connection.password: *** → \${env:WAREHOUSE_SINK_PASSWORD}
        exit 3
      `)
    })
  })
}
