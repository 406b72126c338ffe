import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { contextFilePath, readContextFile } from '../../../control/contexts/context-file.ts'
import { createWorld, failureOf, type World } from './world.ts'

let world: World
beforeEach(() => {
  world = createWorld()
})
afterEach(() => world[Symbol.dispose]())

const read = (text: string) => readContextFile(world.write('contexts.yaml', text))
const refusal = async (text: string) => {
  const { code, message, hint } = await failureOf(() => read(text))
  expect(code).toBe('CONTEXT_INVALID')
  return { message: message.replaceAll(`${join(world.folder, 'contexts.yaml')} `, ''), hint }
}

describe('contextFilePath', () => {
  it('follows TRIB_CONFIG, then XDG_CONFIG_HOME, then the home folder', () => {
    expect(contextFilePath({ HOME: '/h', XDG_CONFIG_HOME: '/x', TRIB_CONFIG: '~/mine.yaml' })).toBe(
      '/h/mine.yaml',
    )
    expect(contextFilePath({ HOME: '/h', XDG_CONFIG_HOME: '/x' })).toBe('/x/tributary/contexts.yaml')
    expect(contextFilePath({ HOME: '/h' })).toBe('/h/.config/tributary/contexts.yaml')
  })
})

describe('readContextFile', () => {
  it('knows no context where there is no file, or nothing in it', () => {
    expect(readContextFile('/nowhere/contexts.yaml').contexts.size).toBe(0)
    expect(read('').contexts.size).toBe(0)
    expect(read('# nothing yet\ncontexts:\n').contexts.size).toBe(0)
  })

  it('reads a context with all its parts', () => {
    const file = read(`current: prod
contexts:
  prod:
    connect:
      urls: [https://connect-1.example.org:8083/connect, https://connect-2.example.org:8083]
      user: trib
      password: {env: CONNECT_PASSWORD}
      tls: {ca: /etc/ca.pem, cert: ~/me.pem, key: ~/me.key, passphrase: {file: ~/passphrase}, insecure: true}
    kafka:
      bootstrap: [kafka-1.example.org:9093, "[::1]:9093"]
      tls: {}
      sasl: {mechanism: scram-sha-512, user: trib, password: {command: pass show kafka}}
    sources:
      orders: {url: "postgres://trib@orders.example.org/orders", password: {env: ORDERS_PASSWORD}}
    warehouse: {url: "postgresql://trib@dwh.example.org:6432/dwh?sslmode=verify-full&sslrootcert=/etc/ca.pem"}
`)

    expect(file.current).toBe('prod')
    expect(file.contexts.get('prod')?.kafka?.sasl?.password).toEqual({ command: 'pass show kafka' })
  })

  it('refuses a file that others can read', async () => {
    const path = world.write('contexts.yaml', 'contexts: {}')
    chmodSync(path, 0o644)

    expect(await failureOf(() => readContextFile(path))).toEqual({
      code: 'CONTEXT_INVALID',
      message: `${path} is open to others (mode 644)`,
      hint: `chmod 600 ${path}`,
    })
  })

  it('names line and column of what is no YAML, without quoting it', async () => {
    const { message } = await refusal('contexts:\n  prod:\n    connect: {token: "hunter2hunter2\n')

    expect(message).toMatch(/^line \d+, column \d+: not YAML: /)
    expect(message).not.toContain('hunter2')
  })

  it('names line and nearest key of one that it does not know', async () => {
    expect(
      await refusal(
        'contexts:\n  prod:\n    connect:\n      urls: [http://c:8083]\n      pasword: {env: X}\n',
      ),
    ).toEqual({
      message: 'line 5: contexts.prod.connect.pasword is refused: unknown key; did you mean "password"?',
      hint: 'write "password" instead of "pasword"',
    })
  })

  it('lists the keys it knows where none is near', async () => {
    const { message } = await refusal('contexts:\n  prod:\n    registry: http://r\n')

    expect(message).toBe(
      'line 3: contexts.prod.registry is refused: unknown key; known are connect, kafka, sources, warehouse',
    )
  })

  it('tells every problem, by line', async () => {
    const { message } = await refusal(
      'contexts:\n  prod:\n    kafka:\n      bootstrap: kafka:9092\n      sasl: {mechanism: gssapi}\n    connect: {urls: [ftp://c]}\n',
    )

    expect(message.split('\n')).toEqual([
      'line 4: contexts.prod.kafka.bootstrap must be a list: [first, second]',
      'line 5: contexts.prod.kafka.sasl.mechanism must be one of plain, scram-sha-256, scram-sha-512',
      'line 6: contexts.prod.connect.urls[0] is no address like https://connect.example.org:8083',
    ])
  })

  it.each([
    [
      'a password',
      'connect: {password: hunter2hunter2}',
      'connect.password is a secret in clear; write {env: NAME}',
    ],
    ['a number', 'connect: {token: 20408163264}', 'connect.token is a secret in clear; write {env: NAME}'],
    ['nothing', 'connect: {token: }', 'connect.token is empty; write {env: NAME}'],
    [
      'two places',
      'connect: {token: {env: A, file: /b}}',
      'connect.token must name exactly one place; write {env',
    ],
    [
      'a password in an address',
      'warehouse: {url: "postgres://trib:hunter2hunter2@dwh/dwh?sslmode=require"}',
      'warehouse.url holds a password; write postgres://trib@dwh/dwh, and the password beside it as {env: NAME}',
    ],
    [
      'a password among the parameters',
      'warehouse: {url: "postgres://trib@dwh/dwh?password=hunter2hunter2"}',
      'warehouse.url has the parameter "password"; known are sslmode',
    ],
    [
      'a password in the address of Connect',
      'connect: {urls: ["https://trib:hunter2hunter2@c:8083/x"]}',
      'connect.urls[0] holds a user or password; write https://c:8083/x, and beside it user: NAME',
    ],
    [
      'a password that makes an address unreadable',
      'warehouse: {url: "postgres://trib:hunter2hunter2#/@dwh:port/dwh"}',
      'warehouse.url is no address like postgres://user@host:5432',
    ],
  ])('refuses %s in place of a reference, without showing it', async (_name, part, sentence) => {
    const { message } = await refusal(`contexts:\n  prod:\n    ${part}\n`)

    expect(message).toContain(`line 3: contexts.prod.${sentence}`)
    expect(message).not.toMatch(/hunter2|20408163264/)
  })

  it.each([
    [
      'sslmode=prefer, which falls back to clear text',
      'warehouse: {url: "postgres://u@h/d?sslmode=prefer"}',
      'sslmode=prefer',
    ],
    ['a relative path', 'connect: {tls: {ca: ca.pem}}', 'is no absolute path'],
    [
      'a token beside a user',
      'connect: {user: u, token: {env: T}}',
      'has a token as well as a user or password',
    ],
  ])('refuses %s', async (_name, part, sentence) => {
    expect((await refusal(`contexts:\n  prod:\n    ${part}\n`)).message).toContain(sentence)
  })

  it('refuses to redefine the local context', async () => {
    const { message } = await refusal('contexts:\n  local: {}\n')

    expect(message).toBe('line 2: contexts.local is refused: "local" always means the stack of this clone')
  })
})
