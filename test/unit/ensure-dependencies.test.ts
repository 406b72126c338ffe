import { mkdirSync, mkdtempSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { ensureDependencies } from '../../control/ensure-bundle.mjs'

interface Package {
  readonly version: string
  readonly optional?: boolean
  readonly os?: readonly string[]
}
type Packages = Readonly<Record<string, Package>>

const wanted: Packages = {
  'node_modules/pg': { version: '8.23.1' },
  'node_modules/for-others': { version: '1.0.0', optional: true, os: ['none'] },
}

/** A clone that wants these packages, and in which npm has noted those. */
function clone(installed: Packages): string {
  const root = mkdtempSync(join(tmpdir(), 'tributary-clone-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  mkdirSync(join(root, 'node_modules'))
  const write = (name: string, packages: object) =>
    writeFileSync(join(root, name), JSON.stringify({ packages }))
  write('package-lock.json', { '': { name: 'tributary' }, ...wanted })
  write(join('node_modules', '.package-lock.json'), installed)
  return root
}

/** Where npm is wanted it is not found, and that is said. */
function withoutNpm(): void {
  vi.stubEnv('PATH', '/nowhere')
  onTestFinished(() => {
    vi.unstubAllEnvs()
  })
}

test("somebody's own npm install is good enough, and trib can be called in it", () => {
  withoutNpm()
  const root = clone({ 'node_modules/pg': { version: '8.23.1' } })

  ensureDependencies(root)

  expect(readlinkSync(join(root, 'node_modules', '.bin', 'trib'))).toBe('../../control/trib.mjs')
})

test.each([
  ['of another version', { 'node_modules/pg': { version: '8.0.0' } }],
  ['missing', {}],
])('a package that is %s is installed by npm', (_, installed) => {
  withoutNpm()
  vi.spyOn(console, 'error').mockImplementation(() => {})

  expect(() => ensureDependencies(clone(installed))).toThrow('npm cannot be started')
})
