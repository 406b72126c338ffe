import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createSecretResolver } from '../../../control/contexts/resolve-secret.ts'
import type { SecretReference } from '../../../control/contexts/secret-reference.ts'
import { maskSecrets } from '../../../control/output/log.ts'
import { createWorld, failureOf, type World } from './world.ts'

let world: World
beforeEach(() => {
  world = createWorld()
})
afterEach(() => world[Symbol.dispose]())

const what = 'the password for Kafka'
const subject = `${what} of the context 'prod'`
const resolve = (reference: SecretReference, commandLimitMs = 5_000) =>
  createSecretResolver(world.shell, { context: 'prod', commandLimitMs })(reference, what)

describe('a secret in a variable', () => {
  it('is its value', async () => {
    world.env['SECRET'] = ' spaced value '

    expect(await resolve({ env: 'SECRET' })).toBe(' spaced value ')
  })

  it.each([
    ['is not set', undefined],
    ['is empty', ''],
  ])('is missing where the variable %s', async (state, value) => {
    if (value !== undefined) world.env['SECRET'] = value

    expect(await failureOf(() => resolve({ env: 'SECRET' }))).toEqual({
      code: 'CONTEXT_INCOMPLETE',
      message: `${subject} comes from the variable SECRET, which ${state}`,
      hint: 'read -rs SECRET && export SECRET',
    })
  })
})

describe('a secret in a file', () => {
  it('is its text without the newline at its end', async () => {
    const file = world.write('secret', 'from-a-file\n')

    expect(await resolve({ file })).toBe('from-a-file')
    expect(await resolve({ file: '~/secret' })).toBe('from-a-file')
    expect(world.err()).toBe('')
  })

  it('is used with a warning where others can read it', async () => {
    const file = world.write('secret', 'from-a-file', 0o644)
    const resolver = createSecretResolver(world.shell, { context: 'prod' })

    await resolver({ file }, what)
    await resolver({ file }, what)

    expect(world.err()).toBe(
      `warn: others can read a file that holds a secret ${JSON.stringify({ path: file, fix: `chmod 600 ${file}` })}\n`,
    )
  })

  it.each([
    ['does not exist', undefined],
    ['is empty', '\n'],
  ])('is missing where the file %s', async (state, content) => {
    const file = join(world.folder, 'secret')
    if (content !== undefined) world.write('secret', content)

    expect(await failureOf(() => resolve({ file }))).toMatchObject({
      code: 'CONTEXT_INCOMPLETE',
      message: `${subject} comes from the file ${file}, which ${state}`,
    })
  })

  it('is refused where it has several lines', async () => {
    const file = world.write('secret', 'hunter2hunter2\nsecond\n')

    expect((await failureOf(() => resolve({ file }))).message).toBe(
      `${subject} has several lines, and should be one: ${file}`,
    )
  })
})

describe('a secret from a command', () => {
  it('is what it prints, asked once', async () => {
    const count = join(world.folder, 'count')
    const resolver = createSecretResolver(world.shell, { context: 'prod' })
    const reference = { command: `echo x >> ${count}; echo "  from-$(wc -l < ${count} | tr -d ' ') "` }

    const [first, second] = await Promise.all([resolver(reference, what), resolver(reference, what)])

    expect([first, second]).toEqual(['from-1', 'from-1'])
  })

  it('is missing where the command fails; the last line of its complaint says why, without what it printed', async () => {
    const command = 'echo hunter2hunter2; echo one >&2; echo "locked: hunter2hunter2" >&2; exit 3'

    expect(await failureOf(() => resolve({ command }))).toEqual({
      code: 'CONTEXT_INCOMPLETE',
      message: `${subject} comes from a command that ended with code 3: locked: ***`,
      hint: command,
    })
    expect(world.out() + world.err()).toBe('')
  })

  it('is missing where the command prints nothing', async () => {
    expect((await failureOf(() => resolve({ command: 'true' }))).message).toBe(
      `${subject} comes from a command that printed nothing: true`,
    )
  })

  it('is missing where the command does not end in time, though something it started goes on', async () => {
    const command = 'sleep 3; echo late'
    const startedAt = Date.now()

    expect((await failureOf(() => resolve({ command }, 100))).message).toBe(
      `${subject} comes from a command that did not end within 0.1 s: ${command}`,
    )
    expect(Date.now() - startedAt).toBeLessThan(2_000)
  })
})

it('masks whatever was found, also as it stands in an address', async () => {
  world.env['SECRET'] = 'p@ss word/1'

  await resolve({ env: 'SECRET' })

  expect(maskSecrets('p@ss word/1 p%40ss%20word%2F1', world.shell.secrets())).toBe('*** ***')
})
