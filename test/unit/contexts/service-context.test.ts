import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { namedBrokers, openServiceContext } from '../../../control/contexts/service-context.ts'
import { generateSettings } from '../../../control/stack/settings.ts'
import { read } from '../topology/read.ts'

/** What the compose file gives the console, natively and in a container. */
function environmentOf(hosts: Readonly<Record<string, string>> = {}) {
  const text = readFileSync(new URL('../../../docker-compose.yml', import.meta.url), 'utf8')
  const settings = generateSettings({ portBase: 27_100, project: 'tributary', stackName: 'second' })
  const { services } = read(text, { environment: { ...settings, ...hosts } })
  return services.find(({ name }) => name === 'console')?.environment ?? {}
}

test('the console finds its stack by what the compose file gives it', async () => {
  const context = openServiceContext(environmentOf())

  expect(await context.connect()).toEqual({ urls: ['http://connect:27130'] })
  expect(await context.kafka()).toEqual({ brokers: ['kafka-1:27111', 'kafka-2:27112', 'kafka-3:27113'] })
  expect(await context.sources()).toEqual(['community-db', 'sites-db'])
  expect(await context.source('sites-db')).toMatchObject({
    ...{ host: 'sites-db', port: 27_141, user: 'console', database: 'sites_db' },
    password: expect.stringMatching(/^\w{32}$/),
  })
  expect(await context.warehouse()).toMatchObject({
    host: 'warehouse',
    user: 'console',
    database: 'warehouse',
  })
  expect(environmentOf()['TRIB_STACK']).toBe('second')
})

test('natively all of it is on this machine', async () => {
  const environment = environmentOf({ CONNECT_HOST: '127.0.0.1', KAFKA_2_HOST: '127.0.0.1' })

  expect(await openServiceContext(environment).connect()).toEqual({ urls: ['http://127.0.0.1:27130'] })
  expect(namedBrokers(environment)[1]).toEqual({ name: 'kafka-2', address: '127.0.0.1:27112' })
})

test('it holds no password but its own', () => {
  const environment = environmentOf()

  const secrets = Object.keys(environment).filter(name => name.endsWith('_PASSWORD'))
  expect(secrets.filter(name => !name.endsWith('_CONSOLE_PASSWORD'))).toEqual([])
})

test('a variable that is missing is named', async () => {
  const { WAREHOUSE_PORT: _gone, ...environment } = environmentOf()

  await expect(openServiceContext(environment).warehouse()).rejects.toThrow('WAREHOUSE_PORT is not set')
})
