import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { canEnter, chooseUser, unprivilegedUser } from '../../control/engines/native/unprivileged-user.ts'
import { defaultCacheDir } from '../../control/system/cache-dir.ts'

const passwd = 'root:x:0:0::/root:/bin/sh\nnobody:x:65534:65533::/:/bin/false\n'

let folder = ''
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'tributary-enter-')))
  mkdirSync(join(folder, 'inner'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('the user postgres is preferred to nobody', () => {
  const postgres = { name: 'postgres', uid: 101, gid: 104 }

  expect(chooseUser(`${passwd}postgres:x:101:104::/var/lib/postgresql:/bin/bash`)).toEqual(postgres)
  expect(chooseUser(passwd)).toEqual({ name: 'nobody', uid: 65_534, gid: 65_533 })
})

test("nobody's negative ids on macOS are what the kernel takes them for", () => {
  expect(chooseUser('nobody:*:-2:-2::/var/empty:/usr/bin/false')).toMatchObject({ uid: 4_294_967_294 })
})

test('a system without either is refused with the command that helps', () => {
  expect(() => chooseUser('root:x:0:0::/root:/bin/sh')).toThrow('neither the user postgres nor nobody')
})

test('only root needs another user', () => {
  expect(unprivilegedUser() !== undefined).toBe(process.getuid?.() === 0)
})

test.each([
  ['open', 0o755, 0o755, true],
  ['passable, but not listed', 0o711, 0o755, true],
  ['closed', 0o700, 0o755, false],
  ['open around a closed one', 0o755, 0o711, false],
])('a stranger and a folder that is %s', (_, outer, inner, expected) => {
  chmodSync(join(folder, 'inner'), inner)
  chmodSync(folder, outer)

  expect(canEnter({ name: 'stranger', uid: 987_654, gid: 987_654 }, join(folder, 'inner'))).toBe(expected)
})

test("the owner's own bits count, even where others have more", () => {
  const owner = { name: 'owner', uid: process.getuid?.() ?? 0, gid: 987_654 }
  chmodSync(folder, 0o700)
  expect(canEnter(owner, join(folder, 'inner'))).toBe(true)

  chmodSync(join(folder, 'inner'), 0o077)
  expect(canEnter(owner, join(folder, 'inner'))).toBe(false)
})

test('a folder that is not there cannot be entered', () => {
  expect(canEnter({ name: 'stranger', uid: 987_654, gid: 987_654 }, join(folder, 'nowhere'))).toBe(false)
})

test.each<[NodeJS.ProcessEnv, boolean, string]>([
  [{ TRIBUTARY_CACHE: '/big/disk', HOME: '/root' }, true, '/big/disk'],
  [{ XDG_CACHE_HOME: '/root/caches', HOME: '/root' }, true, '/var/cache/tributary'],
  [{ XDG_CACHE_HOME: '/home/ada/caches', HOME: '/home/ada' }, false, '/home/ada/caches/tributary'],
  [{ HOME: '/home/ada' }, false, '/home/ada/.cache/tributary'],
])('with %j and root %s the cache is in %3$s', (env, isRoot, expected) => {
  expect(defaultCacheDir(env, isRoot)).toBe(expected)
})
