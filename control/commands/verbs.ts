import type { Command } from 'commander'
import type { Shell } from '../shell.ts'
import { addGetDlqCommand } from './bad-records/get-dlq.ts'
import { addDeleteOffsetsCommand, addPatchOffsetsCommand } from './connectors/change-offsets.ts'
import { addDeleteConnectorsCommand } from './connectors/delete.ts'
import { addDescribeConnectorCommand } from './connectors/describe-connector.ts'
import { addDescribePluginCommand } from './connectors/describe-plugin.ts'
import { addGetConnectorsCommand } from './connectors/get-connectors.ts'
import { addGetOffsetsCommand } from './connectors/get-offsets.ts'
import { addGetPluginsCommand } from './connectors/get-plugins.ts'
import { addGetSlotsCommand } from './connectors/get-slots.ts'
import { addGetTopicsCommand } from './connectors/get-topics.ts'
import { addGetLoggersCommand, addPatchLoggersCommand } from './connectors/loggers.ts'
import { addPatchConnectorCommand } from './connectors/patch-connector.ts'
import { addDescribePipelineCommand } from './health/describe-pipeline.ts'
import { addGetPipelinesCommand } from './health/get-pipelines.ts'
import { addGetBackfillsCommand } from './tables/get-backfills.ts'

/** The verbs that are said of several kinds of things. */
export function addGetCommand(program: Command, shell: Shell): void {
  const get = program
    .command('get')
    .description(
      'list connectors, pipelines, topics, offsets, slots, backfills, dead letters, plugins, loggers',
    )
  const add = [
    addGetConnectorsCommand,
    addGetPipelinesCommand,
    addGetTopicsCommand,
    addGetOffsetsCommand,
    addGetSlotsCommand,
    addGetBackfillsCommand,
    addGetDlqCommand,
    addGetPluginsCommand,
    addGetLoggersCommand,
  ]
  for (const addCommand of add) addCommand(get, shell)
}

export function addDescribeCommand(program: Command, shell: Shell): void {
  const describe = program
    .command('describe')
    .description('one connector, pipeline or plugin, with all that is known of it')
  addDescribeConnectorCommand(describe, shell)
  addDescribePipelineCommand(describe, shell)
  addDescribePluginCommand(describe, shell)
}

export function addPatchCommand(program: Command, shell: Shell): void {
  const patch = program.command('patch').description('change keys of a connector, its offsets, a logger')
  addPatchConnectorCommand(patch, shell)
  addPatchOffsetsCommand(patch, shell)
  addPatchLoggersCommand(patch, shell)
}

export function addDeleteCommand(program: Command, shell: Shell): void {
  const remove = program
    .command('delete')
    .description('delete connectors, or what they remember of their offsets')
  addDeleteConnectorsCommand(remove, shell)
  addDeleteOffsetsCommand(remove, shell)
}
