import { execFileSync } from 'node:child_process'
import { cpSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { copyClone } from '../../support/copy-clone.ts'
import { root } from '../../support/trib.ts'

/** What is nobody's version: the data, and the packages. */
const kept = ['.tributary', 'node_modules']

/** As `git pull` would, from whatever it is now: the clone becomes what is to be released next. */
export function becomeCurrent(folder: string): void {
  removeFiles(folder)
  copyClone(folder)
}

/**
 * The clone becomes the version before, with its own code, SQL, connectors and compose file. Until a release is tagged
 * that is the first one that ran the whole pipeline and always came up (2026-11-21): the oldest data that anybody can have. CONTRIBUTING.md
 * says how it is packed. Packages and jars are today's; what they are is no part of the data.
 */
export function becomeBefore(folder: string): void {
  removeFiles(folder)
  execFileSync('tar', ['-xzf', join(import.meta.dirname, 'version-before.tar.gz'), '-C', folder])
  for (const file of ['package-lock.json', join('connectors', 'pom.xml')])
    cpSync(join(root, file), join(folder, file))
}

function removeFiles(folder: string): void {
  const names = readdirSync(folder).filter(name => !kept.includes(name))
  for (const name of names) rmSync(join(folder, name), { recursive: true })
  // A bundle is as new as the newest of its sources; theirs are of another day.
  rmSync(join(folder, 'node_modules', '.cache'), { recursive: true, force: true })
}
