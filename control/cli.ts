import { Command, CommanderError, type HelpConfiguration, Option } from 'commander'
import { addDlqCommand } from './commands/bad-records/dlq.ts'
import { addSkipCommand } from './commands/bad-records/skip.ts'
import { addCompletionCommand } from './commands/completion.ts'
import { addConfigCommand } from './commands/config.ts'
import { addApplyCommand } from './commands/connectors/apply.ts'
import { addStateCommands } from './commands/connectors/change-state.ts'
import { addDiffCommand } from './commands/connectors/diff.ts'
import { addExportCommand } from './commands/connectors/export.ts'
import { addHistoryCommand, addRollbackCommand } from './commands/connectors/history.ts'
import { addRestartCommand } from './commands/connectors/restart.ts'
import { addValidateCommand } from './commands/connectors/validate.ts'
import { addConsoleCommand } from './commands/console.ts'
import { addCredentialsCommand } from './commands/credentials.ts'
import { addDoctorCommand } from './commands/doctor.ts'
import { addDownCommand } from './commands/down.ts'
import { addFollowCommand } from './commands/follow.ts'
import { addGenerateCommand } from './commands/generate.ts'
import { addExplainCommand } from './commands/health/explain.ts'
import { addHealthCommand } from './commands/health/health.ts'
import { addTopCommand } from './commands/health/top.ts'
import { addLogsCommand } from './commands/logs.ts'
import { addProvisionCommand } from './commands/provision.ts'
import { addReportCommand } from './commands/report.ts'
import { addSqlCommand } from './commands/sql.ts'
import { addStatusCommand } from './commands/status.ts'
import { addAddCommand } from './commands/tables/add.ts'
import { addBackfillCommand } from './commands/tables/backfill.ts'
import { addRemoveCommand } from './commands/tables/remove.ts'
import { addResyncCommand } from './commands/tables/resync.ts'
import { addUpCommand } from './commands/up.ts'
import { addDeleteCommand, addDescribeCommand, addGetCommand, addPatchCommand } from './commands/verbs.ts'
import { addVerifyCommand } from './commands/verify.ts'
import { exitCodes } from './errors/error-codes.ts'
import { hintForTarget, type Target } from './errors/hint-for-target.ts'
import { describeError, messageOf, TribError } from './errors/trib-error.ts'
import { allOutputs, outputs } from './output/format-rows.ts'
import { maskSecrets } from './output/log.ts'
import { visible } from './output/visible.ts'
import { createShell, givenOption, type Shell, targetOptions } from './shell.ts'
import { version } from './version.ts'

interface MainOptions {
  readonly root: string
  readonly launcher: string
  readonly pageFolder: string
  readonly argv: readonly string[]
}

/** The entry: the only place that builds real parts, and the only one that ends the process. */
export async function main({ root, launcher, pageFolder, argv }: MainOptions): Promise<void> {
  const interrupt = new AbortController()
  const onSignal = (name: NodeJS.Signals) => {
    // The second ^C does not wait for the gentle end that the first one began.
    if (interrupt.signal.aborted) process.exit(exitCodes.interrupted)
    interrupt.abort(
      new TribError('INTERRUPTED', `ended by ${name === 'SIGINT' ? '^C' : name}`, { cause: name }),
    )
  }
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal)
  // A reader that went away (`| head`) is no failure.
  process.stdout.on('error', error => process.exit('code' in error && error.code === 'EPIPE' ? 0 : 1))

  const shell = createShell({ root, launcher, pageFolder, env: process.env, signal: interrupt.signal })
  process.exitCode = await runCommand(shell, argv)
  // Nothing is left to wait for; idle sockets of a client library must not hold the prompt back.
  process.stdout.write('', () => process.exit())
}

export async function runCommand(around: Shell, argv: readonly string[]): Promise<number> {
  let target: Target = {}
  const toPaste = (text: string) => hintForTarget(text, target)
  const shell = {
    ...around,
    toPaste,
    writeOut: (text: string) => around.writeOut(visible(text)),
    writeErr: (text: string) => around.writeErr(visible(toPaste(text))),
  }
  const program = buildProgram(shell)
  program.hook('preAction', (_program, called) => {
    target = targetOptions(called)
    refuseOtherFormats(called)
  })
  try {
    await program.parseAsync([...argv], { from: 'user' })
    return shell.exitCode()
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage
    return reportError(shell, error, { isDebug: argv.includes('--debug') })
  }
}

const groups: readonly (readonly [string, readonly ((program: Command, shell: Shell) => void)[]])[] = [
  [
    'The stack:',
    [
      addUpCommand,
      addDownCommand,
      addStatusCommand,
      addLogsCommand,
      addSqlCommand,
      addCredentialsCommand,
      addGenerateCommand,
    ],
  ],
  ['Look at connectors:', [addGetCommand, addDescribeCommand, addHistoryCommand, addExportCommand]],
  ['Declare connectors:', [addValidateCommand, addDiffCommand, addApplyCommand, addRollbackCommand]],
  [
    'Steer connectors:',
    [addRestartCommand, addStateCommands, addSkipCommand, addDlqCommand, addPatchCommand, addDeleteCommand],
  ],
  ['Tables:', [addAddCommand, addRemoveCommand, addResyncCommand, addBackfillCommand]],
  ['Read the answers:', [addReportCommand, addProvisionCommand]],
  [
    'Trust:',
    [
      addHealthCommand,
      addTopCommand,
      addExplainCommand,
      addDoctorCommand,
      addVerifyCommand,
      addFollowCommand,
      addConsoleCommand,
    ],
  ],
  ['This tool:', [addConfigCommand, addCompletionCommand]],
]

/** Every command has options, and a switch is off unless it is given: neither needs saying on each line. */
const plainHelp: HelpConfiguration = {
  subcommandTerm: command => {
    const words = command.registeredArguments.map(argument => {
      const name = `${argument.name()}${argument.variadic ? '...' : ''}`
      return argument.required ? `<${name}>` : `[${name}]`
    })
    return [command.name(), ...words].join(' ')
  },
  optionDescription: option => {
    const choices = option.argChoices ? [option.argChoices.join(', ')] : []
    const isSaid =
      option.defaultValue === undefined || option.isBoolean() || typeof option.defaultValue === 'object'
    const facts = [...choices, ...(isSaid ? [] : [`Default: ${option.defaultValue}`])]
    return facts.length > 0 ? `${option.description} (${facts.join('; ')})` : option.description
  },
}

export function buildProgram(shell: Shell): Command {
  const program = new Command('trib')
    .description('Change data capture that one command starts and one command proves right.')
    .version(version)
    .option(
      '--stack <name>',
      'which stack: its folder, ports and passwords (Default: default)',
      shell.env['TRIB_STACK'],
    )
    .option(
      '-c, --context <name>',
      'which Connect cluster (Default: the current context, else the local stack)',
    )
    .addOption(
      new Option('-o, --output <format>', 'how results are printed (csv: report)')
        .choices(allOutputs)
        .default('table'),
    )
    .option('--debug', 'print debug lines, and the stack of an error', false)
    .configureOutput({ writeOut: shell.writeOut, writeErr: shell.writeErr })
    .showHelpAfterError('(trib --help shows every command)')
    .showSuggestionAfterError()
    .exitOverride()
    .configureHelp(plainHelp)
    .addHelpCommand(
      new Command('help').argument('[command]').description('the same as --help').helpGroup('This tool:'),
    )
  for (const [title, commands] of groups) {
    program.commandsGroup(title)
    for (const addCommand of commands) addCommand(program, shell)
  }
  for (const command of program.commands) inheritGlobals(command)
  return program
}

/** `trib status -o json` reads better than `trib -o json status`; both work. */
function inheritGlobals(command: Command): void {
  command
    .addOption(new Option('--stack <name>').hideHelp())
    .addOption(new Option('-c, --context <name>').hideHelp())
    .addOption(new Option('-o, --output <format>').choices(allOutputs).hideHelp())
    .addOption(new Option('--debug').hideHelp())
    .exitOverride()
    .showSuggestionAfterError()
  for (const inner of command.commands) inheritGlobals(inner)
}

/** csv is a table of values and nothing else, which most commands do not print. */
function refuseOtherFormats(command: Command): void {
  const output = givenOption(command, 'output')
  if (output !== 'csv' || command.name() === 'report') return
  throw new TribError('USAGE', `${command.name()} does not print csv; report does`, {
    hint: `-o ${outputs.join(', ')}`,
  })
}

interface ReportOptions {
  readonly isDebug: boolean
}

function reportError(shell: Shell, error: unknown, { isDebug }: ReportOptions): number {
  const known =
    error instanceof TribError ? error : new TribError('INTERNAL', messageOf(error), { cause: error })
  shell.writeErr(maskSecrets(describeError(known), shell.secrets()))
  if (isDebug) shell.writeErr(maskSecrets(`${describe(error)}\n`, shell.secrets()))
  return known.exitCode
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause === undefined
    ? (error.stack ?? error.message)
    : `${error.stack}\ncaused by ${describe(error.cause)}`
}
