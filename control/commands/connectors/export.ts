import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Command, Option } from 'commander'
import type { DeclaredState } from '../../declared/declared-connector.ts'
import { type WriteFormat, writeDeclared, writeFormats } from '../../declared/write-declared.ts'
import { TribError } from '../../errors/trib-error.ts'
import type { Shell } from '../../shell.ts'
import { chooseConnectors } from './choose-connectors.ts'
import { openConnect } from './open-connect.ts'

interface ExportOptions {
  readonly regexp: boolean
  readonly format: WriteFormat
  readonly to?: string
  readonly force: boolean
}

export function addExportCommand(program: Command, shell: Shell): void {
  program
    .command('export [names...]')
    .description('what is deployed, as files that apply takes; on standard output without --to')
    .option('-e, --regexp', 'the names are patterns', false)
    .addOption(new Option('--format <format>', 'of the files').choices(writeFormats).default('json'))
    .option('--to <folder>', 'one file for each connector')
    .option('--force', 'overwrite files that are there', false)
    .action(async (names: string[], { regexp, format, to, force }: ExportOptions, command: Command) => {
      const { connect } = await openConnect(shell, command)
      const chosen = chooseConnectors(await connect.list(), { names, isRegexp: regexp })
      if (chosen.length === 0)
        throw new TribError(
          'CONNECTOR_UNKNOWN',
          'no connector is deployed, so that there is nothing to export',
        )
      const { files, replaced } = writeDeclared(
        chosen.map(({ name, config, state }) => ({ name, config, state: stateOf(state) })),
        to === undefined && format === 'json' && chosen.length > 1 ? 'yaml' : format,
      )
      for (const { name, key, variable } of replaced) {
        shell.writeErr(
          `${name}: ${key} is deployed in clear; it was written as \${env:${variable}}: give the worker that variable\n`,
        )
      }
      if (to === undefined) {
        shell.writeOut(
          files.map(({ text }) => text).join(format === 'json' && files.length === 1 ? '' : '---\n'),
        )
        return
      }
      writeFiles(shell, resolve(to), files, force)
    })
}

/** None is written where one would be overwritten. */
function writeFiles(
  shell: Shell,
  folder: string,
  files: readonly { readonly file: string; readonly text: string }[],
  isForced: boolean,
): void {
  mkdirSync(folder, { recursive: true })
  for (const { file, text } of files) {
    const path = join(folder, file)
    try {
      writeFileSync(path, text, { flag: isForced ? 'w' : 'wx' })
    } catch (error) {
      const exists = error instanceof Error && 'code' in error && error.code === 'EEXIST'
      if (!exists) throw error
      throw new TribError('USAGE', `${path} is there already; it and the files after it were not written`, {
        hint: 'choose another folder, or --force',
      })
    }
    shell.writeOut(`${path}\n`)
  }
}

/** Running is what a connector is by itself: said only where it is not. */
function stateOf(state: string): DeclaredState | undefined {
  if (state === 'PAUSED') return 'paused'
  return state === 'STOPPED' ? 'stopped' : undefined
}
