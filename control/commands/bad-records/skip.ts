import { type Command, InvalidArgumentError } from 'commander'
import { hasSchema, shownPayload } from '../../bad-records/decode-record.ts'
import type { BadRecord, PartitionPlace } from '../../bad-records/find-bad-record.ts'
import type { Connector } from '../../connect/connect-api.ts'
import { exitCodes } from '../../errors/error-codes.ts'
import { TribError } from '../../errors/trib-error.ts'
import type { SinkProgress } from '../../kafka/sink-progress.ts'
import { named, shellWord } from '../../output/shell-words.ts'
import { kindOf } from '../../plan/connector-kind.ts'
import { globalOptions, printDocument, type Shell } from '../../shell.ts'
import { findConnector } from '../connectors/choose-connectors.ts'
import { confirm } from '../connectors/confirm.ts'
import { type ConnectSession, openConnect } from '../connectors/open-connect.ts'

interface SkipOptions {
  readonly record?: RecordPlace
  readonly dryRun: boolean
  readonly yes: boolean
}

type RecordPlace = PartitionPlace & { readonly offset: number }

export function addSkipCommand(program: Command, shell: Shell): void {
  program
    .command('skip <sink>')
    .description('go on behind the one record that a sink fails at: it is shown, kept in the DLQ, and passed')
    .option('--record <place>', 'this one, as TOPIC/PARTITION@OFFSET (Default: it is looked for)', toPlace)
    .option('--dry-run', 'only show it; ends with 3', false)
    .option('--yes', 'without asking', false)
    .action(async (name: string, options: SkipOptions, command: Command) => {
      const { openSinkProgress } = await import('../../kafka/sink-progress.ts')
      const { putAside } = await import('../../bad-records/dead-letters.ts')
      const { skipRecord } = await import('../../bad-records/skip-record.ts')
      const session = await openConnect(shell, command)
      const { context, connect, afterwards } = session
      const sink = findConnector(await connect.list(), name)
      refuseToLook(sink, options)
      await using progress = openSinkProgress(() => context.kafka())
      const bad = await findIt(session, { ...options, sink, progress, signal: shell.signal })
      print(shell, command, { sink, bad })
      if (options.dryRun) return shell.exitWith(exitCodes.planHasChanges)
      const place = placeText(bad.record)
      await confirm(shell, {
        isYes: options.yes,
        what: `${name} would go on behind ${place}, and its row stay as it is in the warehouse`,
        again: `npx trib skip ${named(name, `--record ${shellWord(place)} --yes`)}`,
      })
      await putAside(sink, bad, { access: await context.kafka(), progress })
      await skipRecord(bad, { ...{ sink, connect, afterwards }, signal: shell.signal })
      shell.writeErr(
        `${place} was skipped and kept; when its row can land: npx trib dlq replay ${named(name)}\n`,
      )
    })
}

function refuseToLook({ name, config, type, tasks }: Connector, { record }: SkipOptions): void {
  if (kindOf(config, type).side !== 'sink')
    throw new TribError('USAGE', `${name} is a source: only a sink reads records that could be skipped`, {
      hint: `npx trib explain ${named(name)}`,
    })
  if (record === undefined && !tasks.some(({ state }) => state === 'FAILED'))
    throw new TribError('USAGE', `no task of ${name} has failed: there is no record that it cannot pass`, {
      hint: 'npx trib health',
    })
}

interface FindOptions extends SkipOptions {
  readonly sink: Connector
  readonly progress: SinkProgress
  readonly signal: AbortSignal
}

async function findIt(
  { context, connect }: ConnectSession,
  { sink, progress, record: place, signal }: FindOptions,
): Promise<BadRecord> {
  const { findBadRecord, namedRecord } = await import('../../bad-records/find-bad-record.ts')
  const look = { sink, context, connect, progress, signal }
  return place ? namedRecord({ ...look, place }) : findBadRecord(look)
}

function print(
  shell: Shell,
  command: Command,
  { sink, bad }: { readonly sink: Connector; readonly bad: BadRecord },
): void {
  const { topic, partition, offset, timestampMs } = bad.record
  const at = (part: 'key' | 'value') => shownPayload(bad.record[part], hasSchema(sink.config, part))
  const document = {
    ...{ connector: sink.name, topic, partition, offset, stage: bad.stage, cause: bad.cause },
    ...{ written: new Date(timestampMs).toISOString(), key: at('key'), value: at('value') },
  }
  printDocument(shell, document, {
    output: globalOptions(command).output,
    toText: () =>
      [
        `${sink.name} cannot land ${placeText(bad.record)}, written ${document.written}: ${bad.cause}`,
        `  key    ${JSON.stringify(document.key)}`,
        `  value  ${JSON.stringify(document.value)}`,
        '',
      ].join('\n'),
  })
}

const placeText = ({ topic, partition, offset }: RecordPlace) => `${topic}/${partition}@${offset}`

function toPlace(text: string): RecordPlace {
  const [, topic, partition, offset] = /^(.+)\/(\d+)@(\d+)$/.exec(text) ?? []
  if (topic === undefined)
    throw new InvalidArgumentError('TOPIC/PARTITION@OFFSET, such as shop.public.orders/0@42')
  return { topic, partition: Number(partition), offset: Number(offset) }
}
