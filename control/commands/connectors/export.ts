import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Command, Option } from 'commander'
import type { Connector } from '../../connect/connect-api.ts'
import type { DeclaredState } from '../../declared/declared-connector.ts'
import { fileNames } from '../../declared/file-names.ts'
import {
  type ReplacedSecret,
  type WriteFormat,
  writeDeclared,
  writeFormats,
} from '../../declared/write-declared.ts'
import { type StrimziNames, strimziObjections, writeStrimziTopic } from '../../declared/write-strimzi.ts'
import { TribError } from '../../errors/trib-error.ts'
import type { Shell } from '../../shell.ts'
import { chooseConnectors } from './choose-connectors.ts'
import { type ConnectSession, openConnect } from './open-connect.ts'

interface ExportOptions extends StrimziNames {
  readonly regexp: boolean
  readonly format: WriteFormat
  readonly strimzi: boolean
  readonly autoRestart: boolean
  readonly to?: string
  readonly force: boolean
}

export function addExportCommand(program: Command, shell: Shell): void {
  program
    .command('export [names...]')
    .description('what is deployed, as files that apply takes; on standard output without --to')
    .option('-e, --regexp', 'the names are patterns', false)
    .addOption(new Option('--format <format>', 'of the files').choices(writeFormats).default('json'))
    .option(
      '--strimzi',
      'for Strimzi: a KafkaConnector for each, and a KafkaTopic for each of their topics',
      false,
    )
    .option('--connect-cluster <name>', 'the name of your KafkaConnect (Default: connect)')
    .option('--kafka-cluster <name>', 'the name of your Kafka (Default: kafka)')
    .option('--auto-restart', 'Strimzi restarts what fails', false)
    .option('--to <folder>', 'one file for each connector')
    .option('--force', 'overwrite files that are there', false)
    .action(async (names: string[], options: ExportOptions, command: Command) => {
      const { regexp, to, force, format: asked } = options
      const session = await openConnect(shell, command)
      const chosen = chooseConnectors(await session.connect.list(), { names, isRegexp: regexp })
      if (chosen.length === 0)
        throw new TribError(
          'CONNECTOR_UNKNOWN',
          'no connector is deployed, so that there is nothing to export',
        )
      const format = options.strimzi ? 'strimzi' : asked
      const { files, replaced } = writeDeclared(
        chosen.map(({ name, config, state }) => ({ name, config, state: stateOf(state) })),
        to === undefined && format === 'json' && chosen.length > 1 ? 'yaml' : format,
        { ...options, isRestarting: options.autoRestart },
      )
      const topics = options.strimzi ? await writeTopics(shell, session, { chosen, names: options }) : []
      if (options.strimzi) noteForStrimzi(shell, chosen)
      noteReplaced(shell, replaced)
      const all = [...files, ...topics.slice(0, 1).map(() => topicsFile(topics, chosen))]
      if (to !== undefined) return writeFiles(shell, resolve(to), all, force)
      const texts = [...files.map(({ text }) => text), ...topics]
      shell.writeOut(texts.join(format === 'json' && files.length === 1 ? '' : '---\n'))
    })
}

/** Of the topics that the brokers have, those of the connectors, one text each. */
async function writeTopics(
  shell: Shell,
  { context, connect }: ConnectSession,
  { chosen, names }: { readonly chosen: readonly Connector[]; readonly names: StrimziNames },
): Promise<readonly string[]> {
  const { readTopics } = await import('../../kafka/read-topics.ts')
  const { topicsOf } = await import('../../pipelines/topics-of.ts')
  const access = await context.kafka()
  const used = await Promise.all(
    chosen.map(async connector => ({ connector, topics: await connect.topics(connector.name) })),
  )
  const topics = await readTopics(access, existing => topicsOf(used, existing), shell)
  return topics.map(topic => writeStrimziTopic(topic, names))
}

/** All in one file, whatever a connector is called. */
function topicsFile(topics: readonly string[], chosen: readonly Connector[]) {
  const taken = [...chosen.map(({ name }) => name), 'topics']
  return { file: fileNames(taken, '.yaml').at(-1) ?? '', text: topics.join('---\n') }
}

/** What stands in the way on Kubernetes, and what the references need there. */
function noteForStrimzi(shell: Shell, chosen: readonly Connector[]): void {
  for (const connector of chosen) {
    for (const objection of strimziObjections(connector))
      shell.writeErr(`warning: ${connector.name} ${objection}\n`)
  }
  const text = chosen.flatMap(({ config }) => Object.values(config)).join('\n')
  const references = [...text.matchAll(/\$\{([a-z]+):([^}]+)\}/g)]
  if (references.length === 0) return
  const providers = [...new Set(references.map(([, provider = '']) => provider))].sort()
  const variables = references.flatMap(([, provider, name = '']) => (provider === 'env' ? name : []))
  const needs = [
    `the config provider${providers.length > 1 ? 's' : ''} ${providers.join(', ')}`,
    ...(variables.length > 0 ? [`in its environment ${[...new Set(variables)].sort().join(', ')}`] : []),
  ]
  shell.writeErr(`note: references stay as they are: your KafkaConnect needs ${needs.join(', and ')}\n`)
}

function noteReplaced(shell: Shell, replaced: readonly ReplacedSecret[]): void {
  for (const { name, key, variable } of replaced) {
    shell.writeErr(
      `${name}: ${key} is deployed in clear; it was written as \${env:${variable}}: give the worker that variable\n`,
    )
  }
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
