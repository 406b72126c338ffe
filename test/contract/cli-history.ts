import { describe, expect, test } from 'vitest'
import type { CliContext } from './cli-context.ts'

/** `history` and `rollback`. */
export function cliHistory(of: CliContext): void {
  /** Two configs, one after the other. */
  async function appliedTwice(label: string): Promise<string> {
    const name = of.newName(label)
    await of.trib(`apply -f ${of.file(name)}`)
    await of.trib(`apply -f ${of.file(name, { ...of.sink(), 'batch.size': '7' })}`)
    return name
  }

  describe('history', () => {
    test('shows what was applied from here, newest first', async () => {
      const name = await appliedTwice('orders')
      await of.trib(`pause ${name}`)

      expect(await of.trib(`history ${name}`)).toMatchInlineSnapshot(`
        NAME             REVISION  AT                        KIND       KEYS
        orders-________         3  2026-01-01T00:00:00.000Z  set-state  state
        orders-________         2  2026-01-01T00:00:00.000Z  configure  batch.size
        orders-________         1  2026-01-01T00:00:00.000Z  create     connection.password, connection.url, connection.username and 9 more
        exit 0
      `)
      expect(await of.trib('history -o name')).toMatchInlineSnapshot(`
        orders-________
        orders-________
        orders-________
        exit 0
      `)
    })

    test('-o json has the keys that each revision changed', async () => {
      const name = await appliedTwice('orders')
      await of.trib(`patch ${name} --remove batch.size`)

      expect(await of.trib(`history ${name} -o json`)).toMatchInlineSnapshot(`
        [
          {
            "name": "orders-________",
            "revision": 3,
            "at": "2026-01-01T00:00:00.000Z",
            "kind": "patch",
            "keys": [
              "batch.size",
              "state"
            ],
            "state": null
          },
          {
            "name": "orders-________",
            "revision": 2,
            "at": "2026-01-01T00:00:00.000Z",
            "kind": "configure",
            "keys": [
              "batch.size"
            ],
            "state": "stopped"
          },
          {
            "name": "orders-________",
            "revision": 1,
            "at": "2026-01-01T00:00:00.000Z",
            "kind": "create",
            "keys": [
              "connection.password",
              "connection.url",
              "connection.username",
              "connector.class",
              "key.converter",
              "key.converter.schemas.enable",
              "tasks.max",
              "topics",
              "transforms",
              "transforms.drop.type",
              "value.converter",
              "value.converter.schemas.enable"
            ],
            "state": "stopped"
          }
        ]
        exit 0
      `)
    })

    test('is empty where nothing was applied from here', async () => {
      expect(await of.trib('history')).toMatchInlineSnapshot(`
        NAME  REVISION  AT  KIND  KEYS
        exit 0
      `)
      expect(await of.trib('history warehouse-sink')).toMatchInlineSnapshot(`
        ! CONNECTOR_UNKNOWN: nothing was applied from here under the name 'warehouse-sink'
        !   → npx trib history
        exit 2
      `)
    })
  })

  describe('rollback', () => {
    test('brings back the config before, and once more the one after', async () => {
      const name = await appliedTwice('orders')

      expect(await of.trib(`rollback ${name} --dry-run`)).toMatchInlineSnapshot(`
        ~ configure  orders-________  restarts-tasks
            batch.size: - 7
        exit 3
      `)
      expect(await of.trib(`rollback ${name}`)).toMatchInlineSnapshot(`
        configured     orders-________
        ! ~ configure  orders-________  restarts-tasks
        !     batch.size: - 7
        exit 0
      `)
      expect(await of.connect().config(name)).toEqual(of.sink())
      expect(await of.trib(`rollback ${name} -o json`)).toMatchInlineSnapshot(`
        [
          {
            "name": "orders-________",
            "kind": "configure",
            "risk": "restarts-tasks",
            "keys": [
              "batch.size"
            ],
            "notes": [],
            "outcome": "done",
            "error": null
          }
        ]
        ! ~ configure  orders-________  restarts-tasks
        !     batch.size: + 7
        exit 0
      `)
      expect(await of.connect().config(name)).toEqual({ ...of.sink(), 'batch.size': '7' })
    })

    test('--to brings back a revision', async () => {
      const name = await appliedTwice('orders')
      await of.trib(`apply -f ${of.file(name, { ...of.sink(), 'batch.size': '8' })}`)

      expect(await of.trib(`rollback ${name} --to 1`)).toMatchInlineSnapshot(`
        configured     orders-________
        ! ~ configure  orders-________  restarts-tasks
        !     batch.size: - 8
        exit 0
      `)
      expect(await of.connect().config(name)).toEqual(of.sink())
      expect(await of.refused(`rollback ${name} --to 9`)).toMatchInlineSnapshot(`
        ! USAGE: orders-________ has no revision 9
        !   → revisions: 4, 3, 2, 1
        exit 2
      `)
      expect(await of.refused(`rollback ${name} --to one`)).toMatchInlineSnapshot(`
        ! USAGE: orders-________ has no revision one
        !   → revisions: 4, 3, 2, 1
        exit 2
      `)
    })

    test('brings back what was deleted', async () => {
      const name = await appliedTwice('orders')
      await of.trib(`delete ${name}`)

      expect(await of.trib(`rollback ${name}`)).toMatchInlineSnapshot(`
        created        orders-________
        ! + create  orders-________  safe
        !     connector.class: io.debezium.connector.jdbc.JdbcSinkConnector
        !     state: stopped
        !     and 12 more keys
        exit 0
      `)
      expect(await of.connect().config(name)).toEqual({ ...of.sink(), 'batch.size': '7' })
    })

    test("brings back somebody else's config that was replaced", async () => {
      const config = { ...of.sink(), 'batch.size': '7' }
      const name = await of.deployed('orders', { config })
      await of.trib(`apply -f ${of.file(name)}`)

      expect(await of.trib(`rollback ${name}`)).toMatchInlineSnapshot(`
        configured     orders-________
        ! ~ configure  orders-________  restarts-tasks
        !     batch.size: + 7
        exit 0
      `)
      expect(await of.connect().config(name)).toEqual(config)
    })

    test('refuses a config whose secret was not kept', async () => {
      const config = { ...of.sink(), 'connection.password': 'hunter2' }
      const name = await of.deployed('orders', { config })
      await of.trib(`apply -f ${of.file(name)}`)

      expect(await of.refused(`rollback ${name}`)).toMatchInlineSnapshot(`
        ! SECRET_LITERAL: revision 1 of orders-________ had a secret in clear, which was not kept: it cannot be brought back
        !   → npx trib history orders-________
        exit 2
      `)
      expect(await of.refused(`rollback ${name} --to 1`)).toMatchInlineSnapshot(`
        ! SECRET_LITERAL: revision 1 of orders-________ had a secret in clear, which was not kept: it cannot be brought back
        !   → npx trib history orders-________
        exit 2
      `)
    })

    test('of a connector that had one config only is refused', async () => {
      const name = of.newName('orders')
      await of.trib(`apply -f ${of.file(name)}`)

      expect(await of.refused(`rollback ${name}`)).toMatchInlineSnapshot(`
        ! USAGE: orders-________ has had only one config so far
        !   → npx trib history orders-________
        exit 2
      `)
      expect(await of.refused(`rollback ${name.replace('orders', 'order')}`)).toMatchInlineSnapshot(`
        ! CONNECTOR_UNKNOWN: nothing was applied from here under the name 'order-________'; did you mean 'orders-________'?
        !   → npx trib history
        exit 2
      `)
    })
  })
}
