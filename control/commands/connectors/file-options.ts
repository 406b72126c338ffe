import type { Command } from 'commander'

export function addFileOptions(command: Command): Command {
  return command
    .requiredOption(
      '-f, --file <path...>',
      'files or folders that declare connectors: JSON, YAML, Strimzi, Jikkou; - for standard input',
    )
    .option('-n, --name <name>', 'the name, for a bare config that does not say it')
}
