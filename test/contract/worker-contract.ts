import { expect, test } from 'vitest'
import { eventually } from '../support/trib.ts'
import { type ContractContext, jdbcSink, postgresSource } from './contract-context.ts'

/** What a worker knows by itself: plugins, their keys, what is wrong with a config, loggers. */
export function workerContract(of: ContractContext): void {
  test('it says its version', async () => {
    const { version, kafkaClusterId } = await of.connect().cluster()

    expect(version).toMatch(/^\d+\.\d+\.\d+/)
    expect(kafkaClusterId).not.toBe('')
  })

  test('validation finds nothing wrong with a config that runs', async () => {
    const findings = await of.connect().validate({ ...of.cluster().sink, name: of.newName() })

    expect(findings.filter(({ errors }) => errors.length > 0)).toEqual([])
    expect(findings.map(({ definition }) => definition.name)).toEqual(
      expect.arrayContaining([
        'topics',
        'batch.size',
        'transforms.drop.type',
        'value.converter.schemas.enable',
      ]),
    )
  })

  test('validation gives the errors of each key and changes nothing', async () => {
    const { topics: _, ...config } = of.cluster().sink
    const fresh = of.newName()

    const findings = await of.connect().validate({ ...config, name: fresh, 'tasks.max': 'many' })

    const wrong = findings.filter(({ errors }) => errors.length > 0).map(({ definition }) => definition.name)
    expect(wrong.sort()).toEqual(['tasks.max', 'topics', 'topics.regex'])
    expect(await of.connect().config(fresh)).toBeUndefined()
  })

  test('a plugin that is not there is named, with the one that was meant', async () => {
    const config = { ...of.cluster().sink, 'connector.class': 'io.debezium.PostgresConector' }
    const refusal = {
      code: 'CONFIG_INVALID',
      message: `there is no plugin 'io.debezium.PostgresConector' on ${of.connect().url}; did you mean '${postgresSource}'?`,
      hint: `plugins: ${jdbcSink}, ${postgresSource}`,
    }

    await expect(of.connect().validate({ ...config, name: of.newName() })).rejects.toMatchObject(refusal)
    await expect(of.connect().putConfig(of.newName(), config)).rejects.toMatchObject(refusal)
    await expect(of.connect().create(of.newName(), config)).rejects.toMatchObject(refusal)
  })

  test('a config that Connect refuses is refused with each reason once', async () => {
    const { topics: _, ...config } = of.cluster().sink
    const fresh = of.newName()

    await expect(of.connect().putConfig(fresh, config)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: `could not configure ${fresh}: Must configure one of topics or topics.regex`,
      hint: `npx trib describe plugin ${jdbcSink}`,
    })
  })

  test('a config without a class does not show its values', async () => {
    const fresh = of.newName()
    const put = of.connect().putConfig(fresh, { 'connection.password': 'hunter2' })

    await expect(put).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: `could not configure ${fresh}: the config contains no connector type`,
    })
  })

  test('the level of a logger is set on one worker and on all', async () => {
    const logger = 'org.apache.kafka.connect.runtime.Worker'
    const levelNow = async () => (await of.connect().loggers()).find(one => one.name === logger)?.level

    expect(await of.connect().setLogLevel(logger, 'DEBUG', 'worker')).toContain(logger)
    expect(await levelNow()).toBe('DEBUG')

    await of.connect().setLogLevel(logger, 'INFO', 'cluster')
    await eventually('the level', async () => ((await levelNow()) === 'INFO' ? true : undefined))
  })

  test('a level that does not exist is refused with those that do', async () => {
    await expect(of.connect().setLogLevel('root', 'LOUD', 'worker')).rejects.toMatchObject({
      code: 'USAGE',
      message: "'LOUD' is no log level",
      hint: 'levels: OFF, FATAL, ERROR, WARN, INFO, DEBUG, TRACE',
    })
  })

  test('the plugins are connectors alone, or all kinds', async () => {
    const connectors = await of.connect().plugins({ connectorsOnly: true })
    const all = await of.connect().plugins({ connectorsOnly: false })

    expect(connectors.map(plugin => [plugin.class, plugin.type])).toEqual([
      [jdbcSink, 'sink'],
      [postgresSource, 'source'],
    ])
    expect(new Set(all.map(({ type }) => type))).toEqual(
      new Set(['sink', 'source', 'transformation', 'converter', 'header_converter', 'predicate']),
    )
    expect(connectors.every(({ version }) => version !== undefined)).toBe(true)
  })

  test('the keys of a plugin come with those that all connectors have', async () => {
    const keys = await of.connect().pluginKeys(jdbcSink)

    expect(keys.find(key => key.name === 'batch.size')).toMatchObject({ type: 'INT', defaultValue: '500' })
    expect(keys.find(key => key.name === 'connection.password')?.type).toBe('PASSWORD')
    expect(keys.find(key => key.name === 'connector.class')?.isRequired).toBe(true)
  })

  test('the keys of a plugin that is not there are refused with the one that was meant', async () => {
    await expect(of.connect().pluginKeys('RegexRooter')).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: `there is no plugin 'RegexRooter' on ${of.connect().url}; did you mean 'org.apache.kafka.connect.transforms.RegexRouter'?`,
    })
  })
}
