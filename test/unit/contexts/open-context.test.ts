import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openContext } from '../../../control/contexts/open-context.ts'
import { maskSecrets } from '../../../control/output/log.ts'
import { cert, key } from '../../support/fake-connect/certificate.ts'
import { createWorld, failureOf, type World, withStack } from './world.ts'

let world: World
beforeEach(() => {
  world = createWorld()
})
afterEach(() => world[Symbol.dispose]())

const given = (prod: string, rest = '') =>
  world.write('.config/tributary/contexts.yaml', `current: prod\ncontexts:\n  prod: ${prod}\n${rest}`)
const open = (contextName = 'prod') => openContext(world.shell, { contextName })

describe('the order in which a context is chosen', () => {
  beforeEach(() => {
    withStack(world)
    withStack(world, { stack: 'demo' })
    given('{}', '  test: {}\n')
  })

  it.each([
    ['-c', { contextName: 'test', stackName: 'demo' }, { TRIB_CONTEXT: 'prod', TRIB_STACK: 'demo' }, 'test'],
    ['--stack beside TRIB_CONTEXT', { stackName: 'demo' }, { TRIB_CONTEXT: 'prod' }, 'local'],
    ['-c local', { contextName: 'local' }, { TRIB_CONTEXT: 'prod' }, 'local'],
    ['TRIB_CONTEXT', { stackName: 'demo' }, { TRIB_CONTEXT: 'test', TRIB_STACK: 'demo' }, 'test'],
    ['--stack', { stackName: 'demo' }, {}, 'local'],
    ['TRIB_STACK', {}, { TRIB_STACK: 'demo' }, 'local'],
    ['current of the file', {}, {}, 'prod'],
  ])('%s', async (_name, options, env, expected) => {
    Object.assign(world.env, env)

    expect((await openContext(world.shell, options)).name).toBe(expected)
  })

  it('says so where a stack was named and another cluster is used', async () => {
    Object.assign(world.env, { TRIB_CONTEXT: 'prod', TRIB_STACK: 'demo' })

    await openContext(world.shell, { stackName: 'demo' })

    expect(world.err()).toBe(
      'warn: TRIB_STACK is ignored: TRIB_CONTEXT names another cluster {"context":"prod","stack":"demo"}\n',
    )
  })

  it('refuses two clusters on one command line', async () => {
    expect(
      await failureOf(() => openContext(world.shell, { contextName: 'prod', stackName: 'demo' })),
    ).toEqual({
      code: 'USAGE',
      message: '-c prod and --stack demo name two clusters',
      hint: 'leave one of them away; --stack means the local stack of that name',
    })
  })

  it('refuses a name that is not there, and says who named it', async () => {
    world.env['TRIB_CONTEXT'] = 'tset'

    expect(await failureOf(() => openContext(world.shell))).toEqual({
      code: 'CONTEXT_INVALID',
      message: "there is no context 'tset' (TRIB_CONTEXT); did you mean 'test'?",
      hint: 'npx trib config get-contexts',
    })
  })
})

describe('the local context', () => {
  it('needs no setting up', async () => {
    const settings = withStack(world)

    const local = await openContext(world.shell)

    expect(local).toMatchObject({
      name: 'local',
      kind: 'local',
      stateFolder: join(world.shell.root, '.tributary', 'default', 'history'),
      statusHint: 'npx trib up',
    })
    expect(await local.connect()).toEqual({ urls: [`http://127.0.0.1:${settings['CONNECT_PORT']}`] })
    expect((await local.kafka()).brokers).toEqual(
      [1, 2, 3].map(n => `127.0.0.1:${settings[`KAFKA_${n}_PORT`]}`),
    )
    expect(await local.sources()).toEqual(['community-db', 'sites-db'])
    expect(await local.source('sites-db')).toMatchObject({
      database: 'sites_db',
      password: settings['SITES_DB_PASSWORD'],
    })
    expect(await local.warehouse()).toMatchObject({ host: '127.0.0.1', database: 'warehouse' })
  })

  it('has the second worker where its profile is active, in the stack that is named', async () => {
    const settings = withStack(world, { stack: 'demo', profiles: ['two-workers'] })

    const local = await openContext(world.shell, { stackName: 'demo' })

    expect((await local.connect()).urls).toEqual(
      ['CONNECT_PORT', 'CONNECT_2_PORT'].map(name => `http://127.0.0.1:${settings[name]}`),
    )
  })

  it('works beside a file of contexts that cannot be read', async () => {
    withStack(world)
    world.write('.config/tributary/contexts.yaml', 'contexts: [')

    expect((await openContext(world.shell, { contextName: 'local' })).name).toBe('local')
  })

  it('knows no other sources, and no databases among them that are none', async () => {
    withStack(world)
    const local = await openContext(world.shell)

    expect(await failureOf(() => local.source('site-db'))).toEqual({
      code: 'CONTEXT_INCOMPLETE',
      message: "the local stack has no source 'site-db'; did you mean 'sites-db'?",
      hint: 'sources: community-db, sites-db',
    })
  })

  it('says how another cluster is reached where nothing was brought up and nobody asked for it', async () => {
    world.write('clone/docker-compose.yml', '')

    const fallback = await failureOf(async () => (await openContext(world.shell)).connect())
    const asked = await failureOf(async () => (await open('local')).connect())

    expect(fallback).toMatchObject({
      code: 'STACK_NOT_RUNNING',
      hint: 'npm run up; for a cluster elsewhere: npx trib config set-context NAME --connect https://connect.example.org:8083',
    })
    expect(asked).toMatchObject({ code: 'STACK_NOT_RUNNING', hint: 'npm run up' })
  })

  it('says in one sentence that there is no stack outside a clone', async () => {
    expect(await failureOf(() => openContext(world.shell))).toEqual({
      code: 'CONTEXT_INCOMPLETE',
      message: `no context is set up, and there is no local stack here: ${world.shell.root}/docker-compose.yml does not exist`,
      hint: 'npm run up in a clone of Tributary; for a cluster elsewhere: npx trib config set-context NAME --connect https://connect.example.org:8083',
    })
  })
})

describe('a context of the file', () => {
  it('sends user and password as basic authentication, and masks both forms', async () => {
    world.env['P'] = 'correct horse battery'
    given('{connect: {urls: ["https://c:8083/"], user: trib, password: {env: P}}}')

    const { urls, headers } = await (await open()).connect()

    const sent = await headers?.()
    expect(urls).toEqual(['https://c:8083'])
    expect(sent).toEqual({
      authorization: `Basic ${Buffer.from('trib:correct horse battery').toString('base64')}`,
    })
    expect(maskSecrets(`correct horse battery ${sent?.['authorization']}`, world.shell.secrets())).toBe(
      '*** Basic ***',
    )
  })

  it('reads a token in a file anew for each request', async () => {
    world.write('token', 'first-token\n')
    given('{connect: {urls: ["https://c:8083"], token: {file: ~/token}}}')
    const { headers } = await (await open()).connect()

    world.write('token', 'second-token\n')

    expect(await headers?.()).toEqual({ authorization: 'Bearer second-token' })
  })

  it('reads the files of TLS, and checks the server unless told otherwise', async () => {
    const pems = { ca: cert, cert, key }
    for (const [name, text] of Object.entries(pems)) world.write(name, text)
    given('{connect: {urls: ["https://c:8083"], tls: {ca: ~/ca, cert: ~/cert, key: ~/key}}}')

    expect((await (await open()).connect()).tls).toMatchObject({
      ...pems,
      rejectUnauthorized: true,
    })
  })

  it('gives kafkajs what it needs', async () => {
    world.env['K'] = 'kafka-password'
    given(
      '{kafka: {bootstrap: ["k:9093"], tls: {}, sasl: {mechanism: scram-sha-256, user: u, password: {env: K}}}}',
    )

    expect(await (await open()).kafka()).toEqual({
      ...{ brokers: ['k:9093'], context: 'prod' },
      ssl: { rejectUnauthorized: true },
      sasl: { mechanism: 'scram-sha-256', username: 'u', password: 'kafka-password' },
    })
  })

  it.each([
    ['postgres://u%40x@127.0.0.1:6432/d', undefined],
    ['postgres://u%40x@h/d', { check: 'none' }],
    ['postgres://u%40x@h/d?sslmode=disable', undefined],
    ['postgres://u%40x@h/d?sslmode=verify-ca', { check: 'authority' }],
    ['postgres://u%40x@h/d?sslmode=verify-full', { check: 'authority-and-host' }],
  ])('reads %s as libpq does, but never falls back to clear text', async (url, tls) => {
    world.env['S'] = 'source-password'
    given(`{sources: {orders: {url: "${url}", password: {env: S}}}}`)

    const address = await (await open()).source('orders')

    expect(address).toMatchObject({ user: 'u@x', database: 'd', password: 'source-password' })
    if (tls) expect(address.tls).toMatchObject(tls)
    else expect(address.tls).toBeUndefined()
  })

  it('resolves no secret of a part that nobody asked for', async () => {
    const ran = join(world.folder, 'ran')
    given(
      `{connect: {urls: ["http://c:8083"]}, kafka: {bootstrap: ["k:9092"], sasl: {mechanism: plain, user: u, password: {command: "touch ${ran}; echo x"}}}}`,
    )
    const context = await open()

    await context.connect()
    const ranForConnect = existsSync(ran)
    await context.kafka()

    expect([ranForConnect, existsSync(ran)]).toEqual([false, true])
  })

  it('keeps its history where the XDG rules put state', async () => {
    given('{}')

    expect((await open()).stateFolder).toBe(join(world.folder, '.local/state/tributary/contexts/prod'))
  })

  it.each([
    [
      '{}',
      'connect',
      'does not say where its Kafka Connect is',
      '--connect https://connect.example.org:8083',
    ],
    [
      '{connect: {urls: ["http://c"], user: u}}',
      'connect',
      'has the user u for Connect but no password',
      '--connect-password env:CONNECT_PASSWORD',
    ],
    [
      '{connect: {urls: ["http://c"], password: {env: P}}}',
      'connect',
      'has a password for Connect but no user',
      '--connect-user USER',
    ],
    [
      '{connect: {urls: ["http://c"], tls: {cert: /c}}}',
      'connect',
      'has the certificate for Connect but no key to it',
      '--connect-key FILE',
    ],
    ['{}', 'kafka', 'does not say where its Kafka is', '--kafka kafka-1.example.org:9092'],
    [
      '{kafka: {bootstrap: ["k:1"], sasl: {user: u}}}',
      'kafka',
      'does not say how it logs in to Kafka',
      '--kafka-sasl scram-sha-512',
    ],
    [
      '{kafka: {bootstrap: ["k:1"], sasl: {mechanism: plain}}}',
      'kafka',
      'logs in to Kafka by plain but has no user',
      '--kafka-user USER',
    ],
    [
      '{kafka: {bootstrap: ["k:1"], sasl: {mechanism: plain, user: u}}}',
      'kafka',
      'has the user u for Kafka but no password',
      '--kafka-password env:KAFKA_PASSWORD',
    ],
    [
      '{}',
      'warehouse',
      'does not say where its warehouse is',
      "--warehouse 'postgres://user@warehouse.example.org:5432/database?sslmode=verify-full' --warehouse-password env:WAREHOUSE_PASSWORD",
    ],
  ] as const)('%s lacks %s: %s', async (context, part, sentence, options) => {
    given(context)

    expect(await failureOf(async () => (await open())[part]())).toEqual({
      code: 'CONTEXT_INCOMPLETE',
      message: `the context 'prod' ${sentence}`,
      hint: `npx trib config set-context prod ${options}`,
    })
  })

  it('names the source that is missing, or the nearest one', async () => {
    given('{sources: {orders: {url: postgres://u@h/d}}}')
    const context = await open()

    expect((await failureOf(() => context.source('ordres'))).message).toBe(
      "the context 'prod' has no source 'ordres'; did you mean 'orders'?",
    )
    expect((await failureOf(() => context.source('users'))).hint).toBe(
      "npx trib config set-context prod --source 'users=postgres://user@db.example.org:5432/database?sslmode=verify-full' --source-password users=env:SOURCE_PASSWORD",
    )
  })

  it('names a certificate that is not there, or none', async () => {
    const path = world.write('ca.pem', 'hello')
    given(`{connect: {urls: ["https://c"], tls: {ca: ${path}}}}`)

    expect((await failureOf(async () => (await open()).connect())).message).toBe(
      `the certificate authority for Connect of the context 'prod' is in ${path}, which is no PEM file`,
    )
  })
})
