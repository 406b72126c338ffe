import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { CliContext } from './cli-context.ts'

/** Each ends with 2, says what to do, and has changed nothing. */
export function cliBadInput(of: CliContext): void {
  describe('bad input is refused before anything is changed:', () => {
    test('an unknown plugin class, with the nearest', async () => {
      const config = { ...of.sink(), 'connector.class': 'io.debezium.connector.jdbc.JdbcSinkConector' }
      const good = of.file(of.newName('orders'))
      const bad = of.file(of.newName('users'), config)

      expect(await of.refused(`apply -f ${good} ${bad}`)).toMatchInlineSnapshot(`
        ! CONFIG_INVALID: users-________ (/home/users-________.json): there is no plugin 'io.debezium.connector.jdbc.JdbcSinkConector' on http://127.0.0.1:8083_; did you mean 'io.debezium.connector.jdbc.JdbcSinkConnector'?
        !   → nothing was changed; npx trib get plugins shows those that are there
        exit 2
      `)
    })

    test('an unknown key, with the nearest of that plugin', async () => {
      const good = of.file(of.newName('orders'))
      const bad = of.file(of.newName('users'), { ...of.sink(), 'flush.max.retires': '3' })

      expect(await of.refused(`apply -f ${good} ${bad}`)).toMatchInlineSnapshot(`
        ! CONFIG_INVALID: users-________ (/home/users-________.json): unknown key 'flush.max.retires'; did you mean 'flush.max.retries'?
        !   → nothing was changed; npx trib describe plugin io.debezium.connector.jdbc.JdbcSinkConnector shows every key
        exit 2
      `)
    })

    test('an unknown key of a transform', async () => {
      const file = of.file(of.newName('orders'), { ...of.sink(), 'transforms.dorp.predicate': 'x' })

      expect(await of.refused(`apply -f ${file}`)).toMatchInlineSnapshot(`
        ! CONFIG_INVALID: orders-________ (/home/orders-________.json): unknown key 'transforms.dorp.predicate': 'dorp' is not in 'transforms'; did you mean 'transforms.drop.predicate'?
        !   → nothing was changed; npx trib describe plugin io.debezium.connector.jdbc.JdbcSinkConnector shows every key
        exit 2
      `)
    })

    test('a value of a wrong type', async () => {
      const file = of.file(of.newName('orders'), { ...of.sink(), 'batch.size': 'abc' })

      expect(await of.refused(`apply -f ${file}`)).toMatchInlineSnapshot(`
        ! CONFIG_INVALID: orders-________ (/home/orders-________.json): 'batch.size' 'abc' is refused: Not a number of type INT
        !   → nothing was changed; npx trib describe plugin io.debezium.connector.jdbc.JdbcSinkConnector shows every key
        exit 2
      `)
    })

    test('two files with one name', async () => {
      const name = of.newName('orders')
      const one = of.file(name)
      const other = of.terminal().write('other.json', JSON.stringify({ name, config: of.sink() }))

      expect(await of.refused(`apply -f ${one} ${other}`)).toMatchInlineSnapshot(`
        ! INPUT_INVALID: /home/other.json: the connector "orders-________" is declared a second time, first in /home/orders-________.json
        exit 2
      `)
      expect(await of.refused(`diff -f ${one} ${other}`)).toMatchInlineSnapshot(`
        ! INPUT_INVALID: /home/other.json: the connector "orders-________" is declared a second time, first in /home/orders-________.json
        exit 2
      `)
    })

    test('an empty folder, and none at all', async () => {
      const folder = join(of.terminal().folder, 'empty')
      mkdirSync(folder)

      expect(await of.refused(`apply -f ${folder}`)).toMatchInlineSnapshot(`
        ! INPUT_INVALID: /home/empty: the folder holds no file that ends with .json, .yaml or .yml
        exit 2
      `)
      expect(await of.refused(`apply -f ${folder}/none.json`)).toMatchInlineSnapshot(`
        ! INPUT_INVALID: /home/empty/none.json: there is no such file or folder
        exit 2
      `)
    })

    test('a duplicate key', async () => {
      const name = of.newName('orders')
      const text = JSON.stringify({ name, ...of.sink() }, undefined, 2).replace(
        '\n}',
        ',\n  "topics": "b"\n}',
      )

      expect(await of.refused(`apply -f ${of.terminal().write('a.json', text)}`)).toMatchInlineSnapshot(`
        ! INPUT_INVALID: /home/a.json line 15: topics is refused: the key stands twice, first at line 5
        exit 2
      `)
    })

    test('a file of 10 MB', async () => {
      const text = JSON.stringify({ ...of.sink(), remark: 'x'.repeat(10_000_000) })
      const file = of.terminal().write('big.json', text)

      expect(await of.refused(`apply -f ${file}`)).toMatchInlineSnapshot(`
        ! INPUT_INVALID: /home/big.json: has 9.5 MiB; a file of connectors may have 4 MiB
        exit 2
      `)
      expect(await of.refused('apply -f - -n big', { stdin: text })).toMatchInlineSnapshot(`
        ! INPUT_INVALID: <stdin>: has 9.5 MiB; a file of connectors may have 4 MiB
        exit 2
      `)
    })

    test('a secret in clear, with the line to write', async () => {
      const config = { ...of.sink(), 'connection.password': 'hunter2' }
      const file = of.file(of.newName('orders'), config)

      for (const command of ['apply', 'diff', 'validate']) {
        expect(await of.refused(`${command} -f ${file}`)).toMatchInlineSnapshot(`
          ! SECRET_LITERAL: /home/orders-________.json: connection.password of "orders-________" holds a secret in clear; write "connection.password": "\${env:ORDERS__________CONNECTION_PASSWORD}" (each worker needs ORDERS__________CONNECTION_PASSWORD in its environment, and in config.providers.env.param.allowlist.pattern)
          !   → nothing was changed; put the reference into the file, and the secret into the environment of the workers
          exit 2
        `)
      }
    })

    test('a masked secret, which would overwrite the real one', async () => {
      const config = { ...of.sink(), 'connection.password': '********' }
      const name = await of.deployed('orders', { config: { ...config, 'connection.password': 'hunter2' } })

      expect(await of.refused(`apply -f ${of.file(name, config)} --yes`)).toMatchInlineSnapshot(`
        ! SECRET_LITERAL: /home/orders-________.json: connection.password of "orders-________" is masked: it would overwrite the real one; write "connection.password": "\${env:ORDERS__________CONNECTION_PASSWORD}" (each worker needs ORDERS__________CONNECTION_PASSWORD in its environment, and in config.providers.env.param.allowlist.pattern)
        !   → nothing was changed; put the reference into the file, and the secret into the environment of the workers
        exit 2
      `)
    })

    test.each(['get connectors', 'pause', 'delete --yes', 'export', 'get offsets', 'restart'])(
      '%s -e with a pattern that is none',
      async command => {
        expect(await of.refused(`${command} -e orders(`)).toMatchInlineSnapshot(`
          ! USAGE: 'orders(' is no pattern: Unterminated group
          !   → a pattern is a regular expression and matches whole names: .*-source
          exit 2
        `)
      },
    )

    test('a timeout that is no time', async () => {
      expect(await of.refused('apply -f connectors/moodle --timeout soon')).toMatchInlineSnapshot(`
        ! error: option '--timeout <seconds>' argument 'soon' is invalid. a number of seconds above 0
        ! (trib --help shows every command)
        exit 2
      `)
    })
  })

  test('a byte order mark and CRLF are taken', async () => {
    const name = of.newName('orders')
    const text = JSON.stringify({ name, initial_state: 'STOPPED', config: of.sink() }, undefined, 2)
    const file = of.terminal().write('windows.json', `\ufeff${text.replaceAll('\n', '\r\n')}\r\n`)

    expect(await of.trib(`apply -f ${file}`)).toMatchInlineSnapshot(`
      created        orders-________
      ! note: the databases of orders-________ were not looked at: the context 'test' does not say where its warehouse is
      ! + create  orders-________  safe
      !     connector.class: io.debezium.connector.jdbc.JdbcSinkConnector
      !     state: stopped
      !     and 11 more keys
      exit 0
    `)
    expect(await of.connect().config(name)).toEqual(of.sink())
  })
}
