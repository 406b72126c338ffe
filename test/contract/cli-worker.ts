import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { eventually } from '../support/trib.ts'
import type { CliContext } from './cli-context.ts'

/** What a worker knows: plugins, topics, loggers; completion by its names; contexts. */
export function cliWorker(of: CliContext): void {
  describe('plugins', () => {
    test('get plugins shows the connectors that can be made', async () => {
      expect(await of.trib('get plugins')).toMatchInlineSnapshot(`
        TYPE    CLASS                                               VERSION
        sink    io.debezium.connector.jdbc.JdbcSinkConnector        3.6.0.Final
        source  io.debezium.connector.postgresql.PostgresConnector  3.7.0.Final
        exit 0
      `)
      expect(await of.trib('get plugins -o json')).toMatchInlineSnapshot(`
        [
          {
            "class": "io.debezium.connector.jdbc.JdbcSinkConnector",
            "type": "sink",
            "version": "3.6.0.Final"
          },
          {
            "class": "io.debezium.connector.postgresql.PostgresConnector",
            "type": "source",
            "version": "3.7.0.Final"
          }
        ]
        exit 0
      `)
    })

    test('get plugins --all shows the other kinds, too', async () => {
      const file = new URL('../support/fake-connect/plugins.json', import.meta.url)
      const recorded: { class: string; type: string; version: string }[] = JSON.parse(
        readFileSync(file, 'utf8'),
      )

      const listed = await of.json('get plugins --all')

      expect(listed).toEqual(expect.arrayContaining(recorded))
    })

    test('describe plugin shows every key', async () => {
      expect(await of.trib('describe plugin RegexRouter')).toMatchInlineSnapshot(`
        KEY          TYPE    REQUIRED  DEFAULT  IMPORTANCE
        regex        STRING  yes                HIGH
        replacement  STRING  yes                HIGH
        exit 0
      `)
      expect(await of.trib('describe plugin RegexRouter -o json')).toMatchInlineSnapshot(`
        [
          {
            "key": "regex",
            "type": "STRING",
            "required": true,
            "default": null,
            "importance": "HIGH",
            "documentation": "Regular expression to use for matching."
          },
          {
            "key": "replacement",
            "type": "STRING",
            "required": true,
            "default": null,
            "importance": "HIGH",
            "documentation": "Replacement string."
          }
        ]
        exit 0
      `)
    })

    test('an unknown plugin is refused with the nearest', async () => {
      // How many plugins the hint may name depends on how many there are.
      const { transcript } = await of.refused('describe plugin JdbcSinkConector')

      expect(transcript).toContain(
        "! CONFIG_INVALID: there is no plugin 'JdbcSinkConector' on http://127.0.0.1:8083_; did you mean 'io.debezium.connector.jdbc.JdbcSinkConnector'?\n",
      )
    })
  })

  test('get topics shows what a connector has read', async () => {
    const name = await of.deployed('orders', { state: 'RUNNING' })
    await eventually('its topics', async () =>
      (await of.connect().topics(name)).length > 0 ? true : undefined,
    )

    expect(await of.trib(`get topics ${name}`)).toMatchInlineSnapshot(`
      CONNECTOR        TOPIC
      orders-________  topic_______
      exit 0
    `)
    expect(await of.trib(`get topics ${name} -o json`)).toMatchInlineSnapshot(`
      [
        {
          "topic": "topic_______",
          "connector": "orders-________",
          "type": "sink"
        }
      ]
      exit 0
    `)
  })

  describe('loggers', () => {
    test('get loggers shows those below a name', async () => {
      expect(
        await of.trib('get loggers io.debezium.connector.postgresql.PostgresConnectorTask'),
      ).toMatchInlineSnapshot(`
        LOGGER                                                  LEVEL  CHANGED
        io.debezium.connector.postgresql.PostgresConnectorTask  INFO
        exit 0
      `)
    })

    test('an unknown logger is refused with the nearest', async () => {
      expect(await of.trib('get loggers org.apache.kafka.connect.runtime.Workers')).toMatchInlineSnapshot(`
        ! USAGE: no logger is named 'org.apache.kafka.connect.runtime.Workers'; did you mean 'org.apache.kafka.connect.runtime.Worker'?
        !   → npx trib get loggers
        exit 2
      `)
    })

    test('patch loggers sets a level on one worker or on all', async () => {
      const logger = 'org.apache.kafka.connect.runtime.WorkerSinkTask'
      const level = async () => (await of.connect().loggers()).find(({ name }) => name === logger)?.level

      expect(await of.trib(`patch loggers ${logger} debug --scope worker`)).toMatchInlineSnapshot(`
        LOGGER                                           LEVEL  SCOPE
        org.apache.kafka.connect.runtime.WorkerSinkTask  DEBUG  worker
        ! set on one worker (1 logger); a restart of the worker brings back what its log4j2.properties says
        exit 0
      `)
      expect(await level()).toBe('DEBUG')
      expect(await of.trib(`patch logger ${logger} INFO`)).toMatchInlineSnapshot(`
        LOGGER                                           LEVEL  SCOPE
        org.apache.kafka.connect.runtime.WorkerSinkTask  INFO   cluster
        ! set on every worker; a restart of the worker brings back what its log4j2.properties says
        exit 0
      `)
      await eventually('the level', async () => ((await level()) === 'INFO' ? true : undefined))
    })

    test('a level that does not exist is refused with those that do', async () => {
      expect(await of.trib('patch loggers root loud')).toMatchInlineSnapshot(`
        ! USAGE: 'LOUD' is no log level
        !   → levels: OFF, FATAL, ERROR, WARN, INFO, DEBUG, TRACE
        exit 2
      `)
    })
  })

  describe('completion', () => {
    test.each(['bash', 'zsh', 'fish'])('has a script for %s', async shell => {
      const { transcript } = await of.trib(`completion ${shell}`)

      expect(transcript).toMatch(/trib complete -- /)
      expect(transcript).toMatch(/exit 0$/)
    })

    test('of another shell is refused', async () => {
      expect(await of.trib('completion csh')).toMatchInlineSnapshot(`
        ! error: command-argument value 'csh' is invalid for argument 'shell'. Allowed choices are bash, zsh, fish.
        ! (trib --help shows every command)
        exit 2
      `)
    })

    test('gives commands, options and live names', async () => {
      const name = await of.deployed('orders')

      expect(await of.trib(['complete', '--', 'get', 'connectors', 'orders'])).toMatchInlineSnapshot(`
        orders-________
        exit 0
      `)
      expect(await of.trib(['complete', '--', 'describe', 'warehouse'])).toMatchInlineSnapshot(`
        warehouse-sink
        exit 0
      `)
      expect(await of.trib(['complete', '--', 'restart', name.slice(0, -1)])).toMatchInlineSnapshot(`
        orders-________
        exit 0
      `)
      expect(await of.trib(['complete', '--', 'pa'])).toMatchInlineSnapshot(`
        pause
        patch
        exit 0
      `)
      expect(await of.trib(['complete', '--', 'apply', '--w'])).toMatchInlineSnapshot(`
        --wait
        exit 0
      `)
      expect(await of.trib(['complete', '--', 'get', 'connectors', '-o', ''])).toMatchInlineSnapshot(`
        table
        wide
        json
        yaml
        name
        exit 0
      `)
    })
  })

  test('an unknown context is refused with the nearest', async () => {
    expect(await of.trib('get connectors -c tset')).toMatchInlineSnapshot(`
      ! CONTEXT_INVALID: there is no context 'tset'; did you mean 'test'?
      !   → npx trib config get-contexts
      exit 2
    `)
  })
}
