import type { Command } from 'commander'
import type { DeadLetter } from '../../bad-records/dead-letters.ts'
import type { HeldLetter } from '../../bad-records/replay-letters.ts'
import type { Connector } from '../../connect/connect-api.ts'
import { exitCodes } from '../../errors/error-codes.ts'
import { TribError } from '../../errors/trib-error.ts'
import { named } from '../../output/shell-words.ts'
import { globalOptions, printDocument, type Shell } from '../../shell.ts'
import { findConnector } from '../connectors/choose-connectors.ts'
import { confirm } from '../connectors/confirm.ts'
import { openConnect } from '../connectors/open-connect.ts'
import { type Replayed, type ReplayParts, replayRaw } from './replay-raw.ts'

const landMs = 60_000

export function addDlqCommand(program: Command, shell: Shell): void {
  const dlq = program.command('dlq').description('records that were put aside: get dlq lists them')
  dlq
    .command('replay <sink>')
    .description('read the rows of skipped records again at their source, and look whether all is equal')
    .option('--raw', 'write the records again as they were, where nothing newer of their key is there', false)
    .option('--yes', 'without asking', false)
    .action(async (name: string, { yes, raw }: ReplayOptions, command: Command) => {
      const { openSinkProgress } = await import('../../kafka/sink-progress.ts')
      const { markMended, readDeadLetters } = await import('../../bad-records/dead-letters.ts')
      const { signal } = shell
      const { context, connect } = await openConnect(shell, command)
      const connectors = await connect.list()
      const sink = findConnector(connectors, name)
      const access = await context.kafka()
      await using progress = openSinkProgress(async () => access)
      const all = await readDeadLetters(sink, { access, progress, signal })
      const open = all.filter(({ isMended }) => !isMended).sort((one, other) => one.at - other.at)
      if (open.length === 0) throw nothingOpen(sink, all)
      const again = `npx trib dlq replay ${named(name, raw ? '--raw --yes' : '--yes')}`
      const parts: ReplayParts = {
        ...{ sink, context, connect, connectors, access, progress, signal, deadlineMs: landMs },
        agree: what => confirm(shell, { isYes: yes, what, again }),
      }
      const { before, held, exits } = await (raw ? replayRaw(open, parts) : replayRows(open, parts))
      if (before !== undefined) await markMended(sink, before, access)
      const left = open.filter(({ at }) => before === undefined || at >= before)
      print(shell, command, { sink, isRaw: raw, mended: open.length - left.length, left, held })
      for (const exit of exits) shell.exitWith(exit)
      if (left.length > 0) shell.exitWith(exitCodes.failed)
    })
}

interface ReplayOptions {
  readonly raw: boolean
  readonly yes: boolean
}

/** Brings the rows that their sources have now. */
async function replayRows(open: readonly DeadLetter[], parts: ReplayParts): Promise<Replayed> {
  const { mendedBefore, sortLetters } = await import('../../bad-records/replay-letters.ts')
  const { planVerify } = await import('../../verify/plan-verify.ts')
  const { runVerify } = await import('../../verify/run-verify.ts')
  const tasks = await planVerify(parts)
  const { tables, held } = await sortLetters(open, { ...parts, tasks })
  const report = await runVerify({ ...parts, tasks: tables })
  const before = mendedBefore(open, { held, tables, report })
  return { before, held, exits: report.tables.map(({ exit }) => exit) }
}

function nothingOpen({ name }: Connector, all: readonly DeadLetter[]): TribError {
  const sentence =
    all.length === 0
      ? `no record of ${name} was put aside: there is nothing to replay`
      : `the ${all.length} records of ${name} that were put aside are mended already`
  return new TribError('USAGE', sentence, { hint: 'npx trib verify' })
}

interface Outcome {
  readonly sink: Connector
  readonly isRaw: boolean
  readonly mended: number
  readonly left: readonly DeadLetter[]
  readonly held: readonly HeldLetter[]
}

function print(shell: Shell, command: Command, { sink, isRaw, mended, left, held }: Outcome): void {
  const reasons = new Map(held.map(({ letter, reason }) => [letter.at, reason]))
  const shown = left.map(({ at, topic, partition, offset }) => ({
    record: `${topic}/${partition}@${offset}`,
    reason: reasons.get(at) ?? (isRaw ? 'it has landed, but one before it waits' : waits),
  }))
  printDocument(
    shell,
    { connector: sink.name, mended, left: shown },
    {
      output: globalOptions(command).output,
      toText: () =>
        [
          `${mended} of ${mended + left.length} records are mended: ${isRaw ? landed : equal}`,
          ...shown.map(({ record, reason }) => `  ${record} is not: ${reason}`),
          '',
        ].join('\n'),
    },
  )
}

const waits = 'one before it waits, or its table is not equal yet'
const equal = 'their tables equal their sources'
const landed = 'they were written again as they were, and have landed'
