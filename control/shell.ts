import type { Command } from 'commander'
import { createLog, type Log } from './output/log.ts'
import { formatTable } from './output/table.ts'

/** What every command receives: the world around it, so that tests can be the world. */
export interface Shell {
  readonly root: string
  readonly launcher: string
  readonly env: NodeJS.ProcessEnv
  readonly signal: AbortSignal
  /** Results. */
  writeOut(text: string): void
  /** Everything else. */
  writeErr(text: string): void
  /** Values never to be printed; grows as env files are read. */
  secrets(): readonly string[]
  addSecrets(values: readonly string[]): void
  log(options: { readonly isDebug: boolean; readonly hasTime?: boolean }): Log
}

export function createShell(around: Pick<Shell, 'root' | 'launcher' | 'env' | 'signal'>): Shell {
  const secrets: string[] = []
  const writeErr = (text: string) => {
    process.stderr.write(text)
  }
  return {
    ...around,
    writeErr,
    writeOut: text => {
      process.stdout.write(text)
    },
    secrets: () => secrets,
    addSecrets: values => {
      secrets.push(...values)
    },
    log: options => createLog({ ...options, write: writeErr, secrets }),
  }
}

export interface GlobalOptions {
  readonly stack: string | undefined
  readonly output: 'table' | 'json'
  readonly debug: boolean
}

/** Options given before or after the command's name. */
export function globalOptions(command: Command): GlobalOptions {
  const { stack, output = 'table', debug = false } = command.optsWithGlobals()
  const own = command.opts()
  return { stack: own['stack'] ?? stack, output: own['output'] ?? output, debug: own['debug'] ?? debug }
}

/** Rows as the user asked for them: a table for people, the whole document for machines. */
export function printRows(
  shell: Shell,
  rows: readonly Readonly<Record<string, unknown>>[],
  { output, columns }: { readonly output: GlobalOptions['output']; readonly columns?: readonly string[] },
): void {
  if (output === 'json') shell.writeOut(`${JSON.stringify(rows, undefined, 2)}\n`)
  else shell.writeOut(formatTable(rows, columns))
}
