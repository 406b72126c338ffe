import { type Command, Option } from 'commander'
import { TribError } from '../errors/trib-error.ts'
import { moodle } from '../scenarios/moodle.ts'
import { globalOptions, type Shell } from '../shell.ts'
import { readEnvFile } from '../stack/env-file.ts'
import { secretNames } from '../stack/settings.ts'
import { defaultStackName, openStack } from '../stack/stack.ts'

const sources = moodle.databases.filter(({ role }) => role === 'source').map(({ service }) => service)

export function addGenerateCommand(program: Command, shell: Shell): void {
  program
    .command('generate <scenario>')
    .description("write a scenario's history into its sources, then go on with live changes until ^C")
    .addOption(new Option('--source <service>', 'only this source (Default: all)').choices(sources))
    .addOption(
      new Option('--seed <n>', 'the same seed gives the same rows').env('GENERATOR_SEED').default('42'),
    )
    .addOption(
      new Option('--history <rows>', 'rows of history for each source')
        .env('GENERATOR_HISTORY')
        .default('20000'),
    )
    .addOption(
      new Option('--history-end <iso>', 'when the year of history ends (Default: now)').env(
        'GENERATOR_HISTORY_END',
      ),
    )
    .addOption(
      new Option('--rate <rows>', 'live changes a second; 0: history only')
        .env('GENERATOR_RATE')
        .default('0.5'),
    )
    .addOption(
      new Option('--interval <ms>', 'time between two bursts').env('GENERATOR_INTERVAL_MS').default('2000'),
    )
    .addOption(
      new Option('--overlap <share>', 'share of sites run by a community user')
        .env('GENERATOR_OVERLAP')
        .default('0.3'),
    )
    .addOption(new Option('--health-port <port>', 'answer GET /healthz there').hideHelp())
    .action(async (scenario: string, options: Record<string, unknown>, command: Command) => {
      if (scenario !== moodle.name) {
        throw new TribError('USAGE', `there is no scenario '${scenario}'`, {
          hint: `scenarios: ${moodle.name}`,
        })
      }
      const { stack, debug } = globalOptions(command)
      const settings = readSettings(shell, stack ?? defaultStackName)
      // Loaded here: `--help` and the other commands do not wait for it.
      const [{ generateMoodle }, { connectBySettings }, { parseGenerateOptions }] = await Promise.all([
        import('../../generators/moodle/generate-moodle.ts'),
        import('../../generators/moodle/connect-by-settings.ts'),
        import('../../generators/moodle/generate-options.ts'),
      ])
      await generateMoodle(parseGenerateOptions(options), {
        connect: connectBySettings(settings),
        bindAddress: settings['BIND_ADDRESS'],
        log: shell.log({ isDebug: debug, hasTime: true }),
        signal: shell.signal,
      }).catch(error => {
        // That is how a service is stopped; it was asked to, and nothing is half done.
        if (error !== shell.signal.reason || error.cause !== 'SIGTERM') throw error
      })
    })
}

/** In a container the environment says everything; by hand, the stack's env file does. */
function readSettings(shell: Shell, stackName: string): Readonly<Record<string, string | undefined>> {
  const { envFile } = openStack(shell.root, stackName)
  const settings = { ...readEnvFile(envFile), ...shell.env }
  shell.addSecrets(secretNames.flatMap(name => settings[name] ?? []))
  return settings
}
