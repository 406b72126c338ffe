import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { fileNames } from '../../../control/declared/file-names.ts'
import { fileNameOf } from '../../../control/history/file-name.ts'
import { openStack } from '../../../control/stack/stack.ts'
import { actsOnTerminal, hostileNames, hostileTexts } from '../../support/hostile-texts.ts'
import { root } from '../../support/trib.ts'
import { config, type FakeWorld, openFakeWorld } from './fake-world.ts'

let world: FakeWorld
beforeEach(async () => {
  world = await openFakeWorld()
})
afterEach(() => world[Symbol.asyncDispose]())

/** Every command that takes a word, which is nothing that there is. */
const commands: readonly ((word: string) => readonly string[])[] = [
  word => ['get', 'connectors', '--', word],
  word => ['describe', '--', word],
  word => ['describe', 'plugin', '--', word],
  word => ['describe', 'pipeline', '--', word],
  word => ['restart', '--', word],
  word => ['pause', '--', word],
  word => ['delete', '--', word],
  word => ['delete', 'offsets', '--yes', '--', word],
  word => ['patch', '--set', 'batch.size=7', '--', word],
  word => ['patch', 'offsets', '--to-earliest', '-f', word, '--', 'orders'],
  word => ['patch', '--set', `batch.size=${word}`, '--dry-run', '--', 'orders'],
  word => ['history', '--', word],
  word => ['rollback', '--', word],
  word => ['rollback', '--to', word, '--', 'orders'],
  word => ['explain', '--', word],
  word => ['health', '--', word],
  word => ['verify', '--table', word],
  word => ['verify', '--', word],
  word => ['doctor', '--', word],
  word => ['add', 'table', '--', word, word],
  word => ['backfill', '--where', word, '--', word, word],
  word => ['skip', '--record', word, '--', word],
  word => ['dlq', 'replay', '--', word],
  word => ['diff', '-f', `./${word}`],
  word => ['config', 'use-context', '--', word],
  word => ['get', 'connectors', '-c', word],
  word => ['get', 'connectors', '-o', word],
  word => ['logs', '--stack', 'never-up', '--', word],
  word => ['sql', '--stack', 'never-up', '--', word, word],
  word => ['status', '--stack', word || 'Not a name'],
  word => ['report', '--', word],
  word => ['generate', '--', word],
]

it.each(commands.map((argsFor, index) => [argsFor('WORD').join(' '), argsFor, index] as const))(
  'trib %s is refused in a sentence, whatever the word, and changes nothing',
  async (_line, argsFor, index) => {
    await world.other.create('orders', config)
    const before = world.fake.requests.length

    // A third of the words for each command: all come up with commands of every kind.
    for (const word of hostileTexts.filter((_, place) => place % 3 === index % 3)) {
      const { code, stdout, stderr } = await world.terminal.run(argsFor(word))

      expect([word, code === 0 ? stdout : code], stderr).toEqual([word, expect.toBeOneOf([1, 2, 3, 6, ''])])
      expect(stderr).not.toMatch(/INTERNAL|TypeError|\n {4}at /)
      expect(stdout + stderr).not.toMatch(actsOnTerminal)
    }

    const changes = world.fake.requests
      .slice(before)
      .filter(({ template }) => !/^GET|\/validate$/.test(template))
    expect(changes).toEqual([])
  },
)

it('no name leaves the folder that it is made a file in, and no two share a file', () => {
  const kept = hostileTexts.map(fileNameOf)
  const written = fileNames(hostileTexts, '.json')

  for (const names of [kept, written]) {
    expect(new Set(names.map(name => name.toLowerCase())).size).toBe(hostileTexts.length)
    expect(
      names.filter(name => basename(name) !== name || /^\.\.?$/.test(name) || actsOnTerminal.test(name)),
    ).toEqual([])
  }
})

it('no stack is called so, and nothing is written for it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-names-'))
  const valid = hostileTexts.filter(name => {
    try {
      openStack(folder, name)
      return true
    } catch (error) {
      expect(String(error)).toContain('is not a stack name')
      return false
    }
  })

  expect(valid).toEqual(['constructor'])
  expect(readdirSync(folder)).toEqual([])
  rmSync(folder, { recursive: true })
  expect(existsSync(join(root, 'owned'))).toBe(false)
})

it.each(hostileNames)(
  'a context called %s is refused, or is kept under that name and does nothing else',
  async name => {
    const set = await world.terminal.run([
      'config',
      'set-context',
      '--connect',
      'http://127.0.0.1:1',
      '--',
      name,
    ])
    const listed = await world.terminal.run(['config', 'get-contexts', '-o', 'json'])

    const names = JSON.parse(listed.stdout).map((one: { name: string }) => one.name)
    expect(set.stderr).not.toMatch(/INTERNAL|TypeError/)
    expect(names.includes(name)).toBe(set.code === 0)
    expect(names).toContain('test')
  },
)
