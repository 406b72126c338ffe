import type { Command } from 'commander'
import type { DeadLetter } from '../../bad-records/dead-letters.ts'
import type { HeldLetter } from '../../bad-records/replay-letters.ts'
import type { Connector } from '../../connect/connect-api.ts'
import { exitCodes } from '../../errors/error-codes.ts'
import { TribError } from '../../errors/trib-error.ts'
import { shellWord } from '../../health/commands-to-paste.ts'
import { globalOptions, printDocument, type Shell } from '../../shell.ts'
import { findConnector } from '../connectors/choose-connectors.ts'
import { confirm } from '../connectors/confirm.ts'
import { openConnect } from '../connectors/open-connect.ts'

const landMs = 60_000

export function addDlqCommand(program: Command, shell: Shell): void {
  const dlq = program.command('dlq').description('records that were put aside: get dlq lists them')
  dlq
    .command('replay <sink>')
    .description('read the rows of skipped records again at their source, and look whether all is equal')
    .option('--yes', 'without asking', false)
    .action(async (name: string, { yes }: { readonly yes: boolean }, command: Command) => {
      const { openSinkProgress } = await import('../../kafka/sink-progress.ts')
      const { markMended, readDeadLetters } = await import('../../bad-records/dead-letters.ts')
      const { mendedBefore, sortLetters } = await import('../../bad-records/replay-letters.ts')
      const { planVerify } = await import('../../verify/plan-verify.ts')
      const { runVerify } = await import('../../verify/run-verify.ts')
      const { signal } = shell
      const { context, connect } = await openConnect(shell, command)
      const connectors = await connect.list()
      const sink = findConnector(connectors, name)
      const access = await context.kafka()
      await using progress = openSinkProgress(async () => access)
      const all = await readDeadLetters(sink, { access, progress, signal })
      const open = all.filter(({ isMended }) => !isMended)
      if (open.length === 0) throw nothingOpen(sink, all)
      const tasks = await planVerify({ context, connectors, signal })
      const { tables, held } = await sortLetters(open, { sink, tasks, signal })
      const again = `npx trib dlq replay ${shellWord(name)} --yes`
      const report = await runVerify({
        ...{ tasks: tables, connect, progress, signal, deadlineMs: landMs },
        agree: what => confirm(shell, { isYes: yes, what, again }),
      })
      const before = mendedBefore(open, { held, tables, report })
      if (before !== undefined) await markMended(sink, before, access)
      const left = open.filter(({ at }) => before === undefined || at >= before)
      print(shell, command, { sink, mended: open.length - left.length, left, held })
      for (const { exit } of report.tables) shell.exitWith(exit)
      if (left.length > 0) shell.exitWith(exitCodes.failed)
    })
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
  readonly mended: number
  readonly left: readonly DeadLetter[]
  readonly held: readonly HeldLetter[]
}

function print(shell: Shell, command: Command, { sink, mended, left, held }: Outcome): void {
  const reasons = new Map(held.map(({ letter, reason }) => [letter.at, reason]))
  const shown = left.map(({ at, topic, partition, offset }) => ({
    record: `${topic}/${partition}@${offset}`,
    reason: reasons.get(at) ?? 'one before it waits, or its table is not equal yet',
  }))
  printDocument(
    shell,
    { connector: sink.name, mended, left: shown },
    {
      output: globalOptions(command).output,
      toText: () =>
        [
          `${mended} of ${mended + left.length} records are mended: their tables equal their sources`,
          ...shown.map(({ record, reason }) => `  ${record} is not: ${reason}`),
          '',
        ].join('\n'),
    },
  )
}
