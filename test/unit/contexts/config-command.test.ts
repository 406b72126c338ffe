import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runCommand } from '../../../control/cli.ts'
import { changeContextFile, readContextFile } from '../../../control/contexts/context-file.ts'
import { createWorld, failureOf, type World, withStack } from './world.ts'

let world: World
beforeEach(() => {
  world = createWorld()
})
afterEach(() => {
  const left = readdirSync(world.folder, { recursive: true }).map(String)
  world[Symbol.dispose]()
  expect(left.filter(name => /\.(tmp|lock)$/.test(name))).toEqual([])
})

const text = () => readFileSync(world.path, 'utf8')
const given = (content: string) => world.write('.config/tributary/contexts.yaml', content)
const context = (name: string) => readContextFile(world.path).contexts.get(name)
const mode = (path: string) => statSync(path).mode & 0o777

describe('config set-context', () => {
  it('writes a file that only its owner reads, and makes the first context current', async () => {
    await world.config(
      'set-context',
      'prod',
      '--connect',
      'http://a:8083,http://b:8083',
      '--connect-token',
      'env:T',
    )

    expect(text()).toBe(
      'current: prod\ncontexts:\n  prod:\n    connect:\n      urls: [ http://a:8083, http://b:8083 ]\n      token: { env: T }\n',
    )
    expect(mode(world.path)).toBe(0o600)
    expect(mode(dirname(world.path))).toBe(0o700)
    expect(world.err()).toBe(
      `context 'prod': connect, connect-token written to ${world.path}; it is current\n`,
    )
    expect(world.out()).toBe('')
  })

  it('leaves the current context as it is when it adds a second one', async () => {
    await world.config('set-context', 'prod', '--connect', 'http://a:8083')
    await world.config('set-context', 'test', '--connect', 'http://b:8083')

    expect(readContextFile(world.path).current).toBe('prod')
    expect(world.err()).toContain('; use it: -c test\n')
  })

  it('takes every option', async () => {
    const ca = join(process.cwd(), 'ca.pem')
    await world.config(
      'set-context',
      'prod',
      ...[
        '--connect',
        'https://c:8083',
        '--connect-user',
        'trib',
        '--connect-password',
        'command:pass show a=b',
      ],
      ...['--connect-ca', 'ca.pem', '--connect-cert', '~/me.pem', '--connect-key', '/k.pem'],
      ...['--connect-key-passphrase', 'file:~/phrase', '--connect-insecure'],
      ...[
        '--kafka',
        'k:9093',
        '--kafka-tls',
        '--kafka-ca',
        'ca.pem',
        '--kafka-cert',
        '/c.pem',
        '--kafka-key',
        '/k.pem',
      ],
      ...['--kafka-sasl', 'plain', '--kafka-user', 'trib', '--kafka-password', 'env:K'],
      ...[
        '--source',
        'a=postgres://u@a/a?sslmode=verify-ca&sslrootcert=ca.pem',
        '--source',
        'b=postgres://u@b/b',
      ],
      ...['--source-password', 'a=env:A', '--source-password', 'b=command:echo x=y'],
      ...['--warehouse', 'postgres://u@w/w', '--warehouse-password', 'file:/w'],
    )

    expect(context('prod')).toEqual({
      connect: {
        urls: ['https://c:8083'],
        user: 'trib',
        password: { command: 'pass show a=b' },
        tls: { ca, cert: '~/me.pem', key: '/k.pem', passphrase: { file: '~/phrase' }, insecure: true },
      },
      kafka: {
        bootstrap: ['k:9093'],
        tls: { ca, cert: '/c.pem', key: '/k.pem' },
        sasl: { mechanism: 'plain', user: 'trib', password: { env: 'K' } },
      },
      sources: {
        a: { url: `postgres://u@a/a?sslmode=verify-ca&sslrootcert=${ca}`, password: { env: 'A' } },
        b: { url: 'postgres://u@b/b', password: { command: 'echo x=y' } },
      },
      warehouse: { url: 'postgres://u@w/w', password: { file: '/w' } },
    })
  })

  it('changes what is given, and keeps the rest with its comments and order', async () => {
    given(`# ours
contexts:
  prod: # the big one
    warehouse: { url: postgres://u@w/w } # ask Ann
    connect:
      # behind the gateway
      urls: [http://a:8083]
      token: { env: T } # rotates
  # not used
  test: {}
`)
    await world.config('set-context', 'prod', '--connect-token', 'env:T2', '--kafka', 'k:9092')

    expect(text()).toBe(`# ours
contexts:
  prod:
    # the big one
    warehouse: { url: postgres://u@w/w } # ask Ann
    connect:
      # behind the gateway
      urls: [ http://a:8083 ]
      token: { env: T2 } # rotates
    kafka:
      bootstrap: [ k:9092 ]
  # not used
  test: {}
`)
  })

  it('removes what is given empty, and what hangs on it', async () => {
    await world.config(
      'set-context',
      'prod',
      ...['--connect', 'http://a:8083', '--connect-token', 'env:T', '--kafka', 'k:9092', '--kafka-tls'],
      ...[
        '--source',
        'a=postgres://u@a/a',
        '--source-password',
        'a=env:A',
        '--warehouse',
        'postgres://u@w/w',
      ],
    )
    await world.config(
      'set-context',
      'prod',
      '--connect-token',
      '',
      '--kafka',
      '',
      '--source',
      'a=',
      '--warehouse',
      '',
    )

    expect(context('prod')).toEqual({ connect: { urls: ['http://a:8083'] } })
  })

  it('writes what is on without more to say on one line', async () => {
    await world.config('set-context', 'prod', '--kafka-tls')

    expect(text()).toContain('kafka:\n      tls: {}\n')
  })

  it('turns switches off again', async () => {
    await world.config('set-context', 'prod', '--kafka', 'k:9092', '--kafka-tls', '--connect-insecure')
    await world.config('set-context', 'prod', '--no-kafka-tls', '--no-connect-insecure')

    expect(context('prod')).toEqual({ kafka: { bootstrap: ['k:9092'] } })
  })

  it.each([
    [
      'a secret in clear',
      ['--connect-password', 'hunter2hunter2'],
      '--connect-password env:CONNECT_PASSWORD',
    ],
    [
      "a source's secret in clear",
      ['--source-password', 'hunter2hunter2'],
      '--source-password orders=env:ORDERS_PASSWORD',
    ],
    ['an address with a password', ['--warehouse', 'postgres://u:hunter2hunter2@w/w'], undefined],
    [
      'a password without an address',
      ['--source-password', 'a=env:A'],
      'add it: --source a=postgres://user@db.example.org:5432/database',
    ],
    [
      'a token beside a user',
      ['--connect-user', 'u', '--connect-token', 'env:T'],
      "an empty value removes a part: --connect-token ''",
    ],
    ['nothing', [], 'npx trib config set-context prod --connect https://connect.example.org:8083'],
  ])('refuses %s, writes nothing and shows no secret', async (_name, options, hint) => {
    const failure = await failureOf(() => world.config('set-context', 'prod', ...options))

    expect(failure).toMatchObject({ code: 'USAGE', hint })
    expect(failure.message).not.toContain('hunter2')
    expect(readdirSync(world.folder, { recursive: true })).not.toContain('.config/tributary/contexts.yaml')
  })

  it.each(['local', '../prod', '', 'a b'])('refuses the name "%s"', async name => {
    expect(await failureOf(() => world.config('set-context', name, '--connect', 'http://a'))).toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining(`'${name}' is`),
    })
  })

  it('keeps a link a link', async () => {
    const target = world.write('dotfiles/contexts.yaml', 'contexts: {}\n')
    mkdirSync(dirname(world.path), { recursive: true })
    symlinkSync(target, world.path)

    await world.config('set-context', 'prod', '--connect', 'http://a:8083')

    expect(readFileSync(target, 'utf8')).toContain('prod')
    expect(text()).toContain('prod')
  })

  it('loses no entry when twenty write at once', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `c${index}`)

    await Promise.all(names.map(name => world.config('set-context', name, '--connect', 'http://a:8083')))

    expect([...readContextFile(world.path).contexts.keys()].toSorted()).toEqual(names.toSorted())
  })

  it('names the lock that somebody left behind', async () => {
    const lock = `${given('contexts: {}\n')}.lock`
    writeFileSync(lock, '1\n')

    const failure = await failureOf(() => changeContextFile(world.path, file => file, { deadlineMs: 50 }))

    expect(failure).toMatchObject({
      code: 'DEADLINE_EXCEEDED',
      hint: `if no other trib runs, one was killed: rm ${lock}`,
    })
    rmSync(lock)
  })

  it('does not change several contexts through an alias', async () => {
    const content = 'contexts:\n  a: &a\n    connect: { urls: [ http://a:8083 ] }\n  b: *a\n'
    given(content)

    expect(
      await failureOf(() => world.config('set-context', 'a', '--connect', 'http://b:8083')),
    ).toMatchObject({
      code: 'CONTEXT_INVALID',
      message: expect.stringContaining('behind an alias'),
    })
    expect(
      await failureOf(() => world.config('set-context', 'b', '--connect', 'http://b:8083')),
    ).toMatchObject({
      code: 'CONTEXT_INVALID',
    })
    expect(text()).toBe(content)
  })

  it('touches no file that others can read', async () => {
    chmodSync(given('contexts: {}\n'), 0o640)

    expect(
      await failureOf(() => world.config('set-context', 'a', '--connect', 'http://b:8083')),
    ).toMatchObject({
      code: 'CONTEXT_INVALID',
      hint: `chmod 600 ${world.path}`,
    })
  })
})

describe('config use-context, current-context, delete-context', () => {
  it('switches to another context, and to the local stack', async () => {
    await world.config('set-context', 'prod', '--connect', 'http://a:8083')
    await world.config('use-context', 'local')
    await world.config('current-context')

    expect(world.out()).toBe('local\n')
  })

  it('offers the nearest name', async () => {
    await world.config('set-context', 'prod', '--connect', 'http://a:8083')

    for (const command of ['use-context', 'delete-context']) {
      expect(await failureOf(() => world.config(command, 'prd'))).toEqual({
        code: 'CONTEXT_INVALID',
        message: "there is no context 'prd'; did you mean 'prod'?",
        hint: 'npx trib config get-contexts',
      })
    }
  })

  it('says what commands use after the current context is deleted', async () => {
    await world.config('set-context', 'prod', '--connect', 'http://a:8083')
    await world.config('delete-context', 'prod')
    await world.config('current-context', '-o', 'json')

    expect(world.err()).toContain("context 'prod' deleted; it was current, commands now use local\n")
    expect(JSON.parse(world.out())).toEqual({ name: 'local', origin: 'default' })
  })
})

describe('config get-contexts', () => {
  it('lists the local stack first, and never a secret', async () => {
    const settings = withStack(world)
    given(
      'current: prod\ncontexts:\n  prod:\n    connect: {urls: [http://a:8083], user: u, password: {env: P}}\n',
    )

    await world.config('get-contexts', '-o', 'json')

    expect(JSON.parse(world.out())).toEqual([
      {
        name: 'local',
        current: false,
        connect: [`http://127.0.0.1:${settings['CONNECT_PORT']}`],
        auth: 'none',
        kafka: expect.arrayContaining([`127.0.0.1:${settings['KAFKA_1_PORT']}`]),
        sources: ['community-db', 'sites-db'],
        warehouse: `postgres://postgres@127.0.0.1:${settings['WAREHOUSE_PORT']}/warehouse`,
      },
      {
        name: 'prod',
        current: true,
        connect: ['http://a:8083'],
        auth: 'basic',
        kafka: [],
        sources: [],
        warehouse: null,
      },
    ])
    expect(world.out()).not.toContain(settings['WAREHOUSE_PASSWORD'])
  })

  it('works where nothing was ever brought up, and where TRIB_CONTEXT names none of them', async () => {
    world.env['TRIB_CONTEXT'] = 'prod'

    await world.config('get-contexts')

    expect(world.out()).toBe(
      'CURRENT  NAME   CONNECT  AUTH  KAFKA  SOURCES  WAREHOUSE\n         local           none\n',
    )
  })
})

describe('trib config', () => {
  const trib = (...args: readonly string[]) => runCommand(world.shell, ['config', ...args])

  it('takes the options that all commands take, before and after its own words', async () => {
    await trib('set-context', 'prod', '--connect', 'http://a:8083')

    expect(await trib('-o', 'json', 'current-context')).toBe(0)
    expect(await trib('current-context', '-o', 'json', '-c', 'local')).toBe(0)
    expect(JSON.parse(`[${world.out().replace('}\n{', '},{')}]`)).toEqual([
      { name: 'prod', origin: 'current' },
      { name: 'local', origin: '-c' },
    ])
  })

  it('ends with 2, a sentence and what to paste where it is used wrongly', async () => {
    const code = await trib('set-context', 'prod', '--connect-token', 'hunter2hunter2')

    expect(code).toBe(2)
    expect(world.out()).toBe('')
    expect(world.err()).toBe(
      'USAGE: --connect-token is no place where a secret is found: env:NAME, file:PATH or command:…\n  → --connect-token env:CONNECT_TOKEN\n',
    )
  })
})
