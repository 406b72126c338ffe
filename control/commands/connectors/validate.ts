import type { Command } from 'commander'
import { exitCodes } from '../../errors/error-codes.ts'
import { globalOptions, printRows, type Shell } from '../../shell.ts'
import { addFileOptions } from './file-options.ts'
import { openConnect } from './open-connect.ts'
import { describeOrigin, type FileOptions, findProblems, readFiles } from './prepare-plan.ts'
import { requireConnectors } from './require-connectors.ts'

interface ValidateOptions extends FileOptions {
  readonly allowUnknown: boolean
}

/** Ends with 2 where something is wrong, as `apply` would; changes nothing. */
export function addValidateCommand(program: Command, shell: Shell): void {
  const validate = program
    .command('validate')
    .description('ask Connect and the plugins what they think of the files; changes nothing')
    .option('--allow-unknown', 'let keys through that no plugin knows', false)
  addFileOptions(validate).action(async (options: ValidateOptions, command: Command) => {
    const files = await readFiles(shell, options)
    requireConnectors(files, { ...options, command: 'validate' })
    const { connectors: declared } = files
    const { connect } = await openConnect(shell, command)
    const rows = []
    for (const one of declared) {
      const { errors, warnings } = await findProblems(one, {
        connect,
        isAllowingUnknown: options.allowUnknown,
      })
      const row = (severity: string, message: string) => ({
        name: one.name,
        file: describeOrigin(one),
        severity,
        message,
      })
      rows.push(
        ...errors.map(error => row('error', error)),
        ...warnings.map(warning => row('warning', warning)),
      )
      if (errors.length + warnings.length === 0) rows.push(row('ok', ''))
      if (errors.length > 0) shell.exitWith(exitCodes.usage)
    }
    printRows(shell, rows, {
      output: globalOptions(command).output,
      columns: ['severity', 'name', 'message'],
      wideColumns: ['severity', 'name', 'file', 'message'],
    })
  })
}
