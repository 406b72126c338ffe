import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Command } from 'commander'
import { addConfigCommand } from '../../../control/commands/config.ts'
import { TribError } from '../../../control/errors/trib-error.ts'
import { createShell, type Shell } from '../../../control/shell.ts'
import { ensureEnvFile } from '../../../control/stack/env-file.ts'
import { generateSettings } from '../../../control/stack/settings.ts'

/** A home of its own and a shell whose output is kept; its disposal leaves no file. */
export interface World extends Disposable {
  readonly folder: string
  /** Where the contexts are kept. */
  readonly path: string
  readonly env: NodeJS.ProcessEnv
  readonly shell: Shell
  out(): string
  err(): string
  /** A file that only we can read; gives its path. */
  write(name: string, text: string, mode?: number): string
  /** `trib config …` in this process. */
  config(...args: readonly string[]): Promise<void>
}

export function createWorld(env: NodeJS.ProcessEnv = {}): World {
  const folder = mkdtempSync(join(tmpdir(), 'trib-contexts-'))
  const around = { HOME: folder, PATH: process.env['PATH'], ...env }
  let out = ''
  let err = ''
  const real = createShell({
    root: join(folder, 'clone'),
    launcher: '',
    env: around,
    signal: new AbortController().signal,
  })
  const writeOut = (text: string) => {
    out += text
  }
  const writeErr = (text: string) => {
    err += text
  }
  const shell: Shell = {
    ...real,
    ...{ writeOut, drawOut: writeOut, writeErr, drawErr: writeErr },
    log: () => ({
      debug() {},
      info: message => writeErr(`${message}\n`),
      warn: (message, facts) => writeErr(`warn: ${message} ${JSON.stringify(facts)}\n`),
      error: message => writeErr(`${message}\n`),
    }),
  }
  return {
    folder,
    path: join(folder, '.config', 'tributary', 'contexts.yaml'),
    env: around,
    shell,
    out: () => out,
    err: () => err,
    write: (name, text, mode = 0o600) => {
      const path = join(folder, name)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, text, { mode })
      return path
    },
    config: async (...args) => {
      const program = new Command('trib').exitOverride().configureOutput({ writeErr })
      program.option('-c, --context <name>').option('--stack <name>').option('-o, --output <format>')
      addConfigCommand(program, shell)
      await program.parseAsync(['config', ...args], { from: 'user' })
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  }
}

/** The shipped compose file and an env file, as `up` leaves them; nothing runs. */
export function withStack(
  world: World,
  { stack, profiles = [] }: { stack?: string; profiles?: string[] } = {},
) {
  const { root } = world.shell
  const folder = join(root, '.tributary', stack ?? 'default')
  mkdirSync(folder, { recursive: true })
  copyFileSync('docker-compose.yml', join(root, 'docker-compose.yml'))
  const settings = generateSettings({ portBase: stack ? 28_100 : 27_100, project: 'tributary-test' })
  ensureEnvFile({ path: stack ? join(folder, '.env') : join(root, '.env'), settings })
  const state = { engine: 'native', profiles, version: '0.1.0', createdAt: '2026-11-21T00:00:00Z' }
  writeFileSync(join(folder, 'stack.json'), JSON.stringify(state))
  return settings
}

/** Code, sentence and hint of what a call fails with. */
export async function failureOf(call: () => unknown): Promise<Pick<TribError, 'code' | 'message' | 'hint'>> {
  try {
    await call()
  } catch (error) {
    if (!(error instanceof TribError)) throw error
    const { code, message, hint } = error
    return { code, message, hint }
  }
  throw new Error('it did not fail')
}
