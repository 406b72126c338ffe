import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { locateData } from '../../control/engines/native/ground.ts'
import { installJars } from '../../control/engines/native/jars.ts'
import { unprivilegedUser } from '../../control/engines/native/unprivileged-user.ts'
import { defaultCacheDir } from '../../control/system/cache-dir.ts'
import { isPortFree } from '../../control/system/ports.ts'
import { root } from '../support/trib.ts'
import { type Clone, createClone } from './clone.ts'
import { isAlive, pidsOf, withChildren } from './processes.ts'

const settings = { GENERATOR_HISTORY: '500' }
let folder: string
let clone: Clone | undefined

beforeEach(() => {
  // Nobody but its owner can enter it, as `mkdtemp` makes it.
  folder = mkdtempSync(join(tmpdir(), 'tributary-clone-'))
})

afterEach(async () => {
  try {
    await clone?.[Symbol.asyncDispose]()
  } finally {
    clone = undefined
    rmSync(folder, { recursive: true, force: true })
  }
})

/** Up, both answers, down: and nothing is left of it but the clone. */
async function expectRoundTrip({ trib, stack }: Clone): Promise<void> {
  const up = await trib(['up', '--engine', 'native'])
  expect(up.stderr).toMatch(/\nup in [\d.]+ s/)
  expect(up.code).toBe(0)
  for (const [view, total] of [
    ['weekly_registrations', 'sites_total'],
    ['admin_overlap', 'admins_total'],
  ]) {
    const answer = await trib([
      'sql',
      'warehouse',
      `select max(${total}) as total from ${view}`,
      '-o',
      'json',
    ])
    expect(Number(JSON.parse(answer.stdout)[0].total)).toBeGreaterThan(50)
  }
  const status = JSON.parse((await trib(['status', '-o', 'json'])).stdout)
  const pids = withChildren(Object.values(pidsOf(stack.folder)))

  const down = await trib(['down', '--volumes'])

  expect(down.stderr).toContain('10 services ended; data, logs and generated settings removed\n')
  expect(down.code).toBe(0)
  expect(existsSync(stack.folder)).toBe(false)
  expect(pids.filter(isAlive)).toEqual([])
  for (const { port } of status) expect(await isPortFree(port)).toBe(true)
}

test('a path with spaces and letters outside ASCII, under a folder that others cannot enter, is no obstacle', async () => {
  const path = join(folder, 'ein Pfad – für alle', 'clone')
  mkdirSync(path, { recursive: true })
  // A careful administrator's shell: nothing that it makes may be entered by others, unless it says so.
  clone = createClone(path, { settings, umask: '077' })
  const data = locateData(clone.stack, unprivilegedUser())

  await expectRoundTrip(clone)

  expect(existsSync(data)).toBe(false)
  expect(existsSync(dirname(data))).toBe(false)
})

test('a plain user comes up from an empty home, and leaves it empty', async () => {
  const user = process.getuid?.() === 0 ? nobody() : undefined
  const [home, cache, path] = ['home', 'cache', 'ein Pfad'].map(name => join(folder, name)) as [
    string,
    string,
    string,
  ]
  for (const each of [home, cache, path]) mkdirSync(each)
  await linkJars(cache)
  if (user) for (const each of [folder, home, cache]) chownSync(each, user.uid, user.gid)
  chmodSync(folder, 0o700)
  const env = { PATH: process.env['PATH'], HOME: home, TRIBUTARY_CACHE: cache }
  clone = createClone(path, { settings, user, env })

  await expectRoundTrip(clone)

  expect(readdirSync(home)).toEqual([])
  expect(readdirSync(cache).filter(name => !/^(jars|postgres)-/.test(name))).toEqual(['ports'])
  expect(readdirSync(join(cache, 'ports'))).toEqual([])
})

function nobody() {
  const [, , uid, gid] = /^nobody:(.*)$/m.exec(readFileSync('/etc/passwd', 'utf8'))?.[0].split(':') ?? []
  return { uid: Number(uid), gid: Number(gid) }
}

/** What is in the cache of whoever runs the test need not be downloaded again. */
async function linkJars(cache: string): Promise<void> {
  const { kafkaDir } = await installJars({
    root,
    cacheDir: defaultCacheDir(process.env),
    env: process.env,
    signal: AbortSignal.timeout(300_000),
    onProgress: () => {},
  })
  const jars = dirname(kafkaDir)
  execFileSync('cp', ['-al', jars, join(cache, basename(jars))])
}
