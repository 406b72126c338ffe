import { afterAll, afterEach, beforeEach, expect, it } from 'vitest'
import { hostileNames } from '../../support/hostile-texts.ts'
import { openPasting } from '../../support/paste.ts'
import { config, type FakeWorld, openFakeWorld } from './fake-world.ts'

const pasting = openPasting()
afterAll(() => pasting[Symbol.dispose]())

let world: FakeWorld
beforeEach(async () => {
  world = await openFakeWorld()
})
afterEach(() => world[Symbol.asyncDispose]())

/** Each is refused without `--yes`, with the line to paste. */
const refused: readonly ((name: string) => readonly string[])[] = [
  name => ['delete', 'offsets', '--', name],
  name => ['patch', 'offsets', '--to-earliest', '--topic', 'orders', '--', name],
  name => ['patch', '--set', "consumer.override.group.id=$(touch owned) 'x'", '--', name],
  name => ['delete', '-e', '--', name.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')],
]

/** A URL cannot name these two: they mean the folder itself and the one above. */
const inUrls = hostileNames.filter(name => name !== '.' && name !== '..')

/** The line that a refusal prints below its sentence. */
function hintIn(stderr: string): string {
  const [, hint] = /\n {2}→ (npx trib [^\n]*)\n$/.exec(stderr) ?? []
  if (hint === undefined) throw new Error(`no line to paste in: ${stderr}`)
  return hint
}

it.each(inUrls.map((name, index) => [name, refused[index % refused.length] ?? (() => [])] as const))(
  'of a connector called %s: the printed line, pasted, reaches it and nothing else',
  async (name, argsFor) => {
    await world.other.create(name, config, 'STOPPED')
    await world.other.create('bystander', config, 'STOPPED')
    await world.other.alterOffsets(name, [
      { partition: { kafka_partition: 0, kafka_topic: 'orders' }, offset: { kafka_offset: 2 } },
    ])
    const asked = await world.terminal.run(argsFor(name))
    expect(asked.code, asked.stderr).toBe(2)
    const before = world.fake.requests.length

    const [[, , ...argv] = [], ...more] = pasting.paste(hintIn(asked.stderr))
    const done = await world.terminal.run(argv)

    expect(more).toEqual([])
    expect(done.code, done.stderr).toBe(0)
    const changes = world.fake.requests
      .slice(before)
      .filter(({ template }) => !/^GET|\/validate$/.test(template))
      .map(({ path }) => path)
    expect(changes.length).toBeGreaterThan(0)
    expect(changes.filter(path => path.split(/[/?]/)[2] !== encodeURIComponent(name))).toEqual([])
  },
)
