import { describe, expect, test } from 'vitest'
import type { CliContext } from './cli-context.ts'

export function cliPatching(of: CliContext): void {
  describe('patch', () => {
    test('--set and --remove change these keys only', async () => {
      const name = await of.deployed('orders', { config: { ...of.sink(), 'batch.size': '7' } })

      expect(
        await of.trib(`patch ${name} --set flush.max.retries=3 --remove batch.size`),
      ).toMatchInlineSnapshot(`
        configured     orders-________
        ! ~ configure  orders-________  restarts-tasks
        !     batch.size: - 7
        !     flush.max.retries: + 3
        exit 0
      `)
      expect(await of.connect().config(name)).toEqual({ ...of.sink(), 'flush.max.retries': '3' })
    })

    test('--dry-run changes nothing and ends with 3', async () => {
      const name = await of.deployed('orders')

      expect(await of.trib(`patch connector ${name} -s batch.size=7 --dry-run`)).toMatchInlineSnapshot(`
        ~ configure  orders-________  restarts-tasks
            batch.size: + 7
        exit 3
      `)
      expect(await of.connect().config(name)).toEqual(of.sink())
    })

    test('a value may hold spaces and equals signs, and shows so in the command to paste', async () => {
      const name = await of.deployed('orders')
      const url = 'connection.url=jdbc:postgresql://127.0.0.1:5432/a b?c=d'

      expect(await of.refused(['patch', name, '--set', url])).toMatchInlineSnapshot(`
        ! ~ configure  orders-________  loses-position
        !     connection.url: jdbc:postgresql://\${env:WAREHOUSE_HOST}:\${env:WAREHOUSE_PORT}/warehouse?reWriteBatchedInserts=true&stringtype=unspecified&ApplicationName=warehouse-sink → jdbc:postgresql://127.0.0.1:5432/a b?c=d
        !     ! connection.url leads to another place: rows that were already read are not written there
        ! CONFIRMATION_NEEDED: to configure orders-________ loses-position, and nobody said yes; nothing was changed
        !   → npx trib patch orders-________ --set 'connection.url=jdbc:postgresql://127.0.0.1:5432/a b?c=d' --yes
        exit 2
      `)
    })

    test('nothing given is refused', async () => {
      expect(await of.refused('patch warehouse-sink')).toMatchInlineSnapshot(`
        ! USAGE: nothing to change was given for warehouse-sink
        !   → npx trib patch warehouse-sink --set KEY=VALUE --remove KEY
        exit 2
      `)
    })

    test('a key without a value is refused', async () => {
      expect(await of.refused('patch warehouse-sink --set batch.size')).toMatchInlineSnapshot(`
        ! error: option '-s, --set <key=value>' argument 'batch.size' is invalid. KEY=VALUE is wanted, such as --set tasks.max=2
        ! (trib --help shows every command)
        exit 2
      `)
    })

    test('an unknown connector is refused', async () => {
      expect(await of.refused('patch warehouse-snik --set batch.size=7')).toMatchInlineSnapshot(`
        ! CONNECTOR_UNKNOWN: there is no connector 'warehouse-snik'; did you mean 'warehouse-sink'?
        !   → connectors: community-source, sites-source, warehouse-sink
        exit 2
      `)
    })

    test('a secret in clear is refused with the reference to write', async () => {
      const name = await of.deployed('orders')

      expect(await of.refused(`patch ${name} --set connection.password=hunter2`)).toMatchInlineSnapshot(`
        ! SECRET_LITERAL: --set: connection.password of "orders-________" holds a secret in clear; write "connection.password": "\${env:ORDERS__________CONNECTION_PASSWORD}" (each worker needs ORDERS__________CONNECTION_PASSWORD in its environment, and in config.providers.env.param.allowlist.pattern)
        !   → nothing was changed; put the reference into the file, and the secret into the environment of the workers
        exit 2
      `)
    })

    test('a masked value is never written back', async () => {
      const name = await of.deployed('orders')

      expect(await of.refused(`patch ${name} --set connection.password=******`)).toMatchInlineSnapshot(`
        ! SECRET_LITERAL: --set: connection.password of "orders-________" is masked: it would overwrite the real one; write "connection.password": "\${env:ORDERS__________CONNECTION_PASSWORD}" (each worker needs ORDERS__________CONNECTION_PASSWORD in its environment, and in config.providers.env.param.allowlist.pattern)
        !   → nothing was changed; put the reference into the file, and the secret into the environment of the workers
        exit 2
      `)
    })

    test('a value that the plugin does not take is refused', async () => {
      const name = await of.deployed('orders')

      expect(await of.refused(`patch ${name} --set batch.size=abc`)).toMatchInlineSnapshot(`
        ! CONFIG_INVALID: orders-________ (--set): 'batch.size' 'abc' is refused: Not a number of type INT
        !   → nothing was changed; npx trib describe plugin io.debezium.connector.jdbc.JdbcSinkConnector shows every key
        exit 2
      `)
    })

    test('of a connector that holds a secret in clear leaves the secret, and does not show it', async () => {
      const config = { ...of.sink(), 'connection.password': 'hunter2' }
      const name = await of.deployed('orders', { config })

      expect(await of.trib(`patch ${name} --set batch.size=7`)).toMatchInlineSnapshot(`
        configured     orders-________
        ! ~ configure  orders-________  restarts-tasks
        !     batch.size: + 7
        exit 0
      `)
      expect(await of.connect().config(name)).toEqual({ ...config, 'batch.size': '7' })
      expect((await of.trib(`history ${name} -o json`)).transcript).not.toContain('hunter2')
    })
  })
}
