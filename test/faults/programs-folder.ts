import { execFileSync } from 'node:child_process'
import { mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface ProgramsFolder extends Disposable {
  readonly path: string
}

/** A PATH with these programs of this machine, and no other. */
export function programsFolder(names: readonly string[]): ProgramsFolder {
  const path = mkdtempSync(join(tmpdir(), 'tributary-programs-'))
  for (const name of names) {
    const found = execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim()
    symlinkSync(realpathSync(found), join(path, name))
  }
  return {
    path,
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  }
}
