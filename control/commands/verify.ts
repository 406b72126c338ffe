import type { Command } from 'commander'
import { TribError } from '../errors/trib-error.ts'
import { named, shellWord } from '../output/shell-words.ts'
import { globalOptions, printDocument, type Shell } from '../shell.ts'
import { systemClock } from '../system/clock.ts'
import { renderReport, type VerifyReport } from '../verify/verify-report.ts'
import { confirm } from './connectors/confirm.ts'
import { openConnect } from './connectors/open-connect.ts'
import { progressLine } from './progress-line.ts'

interface VerifyOptions {
  readonly table?: string
  readonly sample: boolean
  readonly watch: boolean
  readonly repair: boolean
  readonly yes: boolean
  readonly timeout: number
}

const sampledShare = 0.1
const watchEveryMs = 2_000

export function addVerifyCommand(program: Command, shell: Shell): void {
  program
    .command('verify [pipeline]')
    .description('compare source and warehouse row by row while writes go on; mend what differs')
    .option('--table <name>', 'only this table: SCHEMA.TABLE or TABLE')
    .option('--sample', 'look at a random tenth of each table')
    .option('-w, --watch', 'again and again, until ^C')
    .option('--repair', 'read missing and different rows again, delete extra ones, and look again')
    .option('--yes', 'repair without asking')
    .option(
      '--timeout <seconds>',
      'how long to wait for changes on their way to land (Default: 60)',
      toSeconds,
      60,
    )
    .action(async (pipeline: string | undefined, options: VerifyOptions, command: Command) => {
      for (;;) {
        const report = await verifyOnce(shell, command, { ...options, pipeline })
        print(shell, report, { ...options, pipeline, command })
        for (const { exit } of report.tables) shell.exitWith(exit)
        if (!options.watch) return
        await systemClock.wait(watchEveryMs, shell.signal)
      }
    })
}

type Asked = VerifyOptions & { readonly pipeline: string | undefined }

async function verifyOnce(shell: Shell, command: Command, asked: Asked): Promise<VerifyReport> {
  // Loaded here: `--help` and the other commands do not wait for the driver of the databases.
  const { planVerify } = await import('../verify/plan-verify.ts')
  const { runVerify } = await import('../verify/run-verify.ts')
  const { openSinkProgress } = await import('../kafka/sink-progress.ts')
  const { context, connect } = await openConnect(shell, command)
  const { signal } = shell
  const tasks = await planVerify({ context, connectors: await connect.list(), ...asked, signal })
  await using progress = openSinkProgress(() => context.kafka())
  using line = progressLine(shell)
  return await runVerify({
    ...{ tasks, connect, progress, signal },
    deadlineMs: asked.timeout * 1_000,
    sampleShare: asked.sample ? sampledShare : undefined,
    onProgress: line.show,
    agree: asked.repair
      ? what => {
          line.clear()
          shell.writeErr(`repair: ${what}\n`)
          return confirm(shell, { isYes: asked.yes, what, again: commandOf(asked, '--repair --yes') })
        }
      : undefined,
  })
}

function print(shell: Shell, report: VerifyReport, asked: Asked & { readonly command: Command }): void {
  const { output } = globalOptions(asked.command)
  if (output === 'name') {
    const unequal = report.tables.filter(({ equal }) => !equal)
    shell.writeOut(unequal.map(({ table }) => `${table}\n`).join(''))
    return
  }
  const document = {
    ...report,
    tables: report.tables.map(({ exit: _exit, ...table }) => table),
  }
  printDocument(shell, document, {
    output,
    toText: () => shell.toPaste(renderReport(report, { repairCommand: commandOf(asked, '--repair') })),
  })
}

function commandOf({ pipeline, table }: Asked, flags: string): string {
  const options = table === undefined ? flags : `--table ${shellWord(table)} ${flags}`
  return `npx trib verify ${named(pipeline === undefined ? [] : [pipeline], options)}`
}

function toSeconds(text: string): number {
  const seconds = Number(text)
  if (Number.isFinite(seconds) && seconds > 0) return seconds
  throw new TribError('USAGE', `'${text}' is no number of seconds`, { hint: 'npx trib verify --timeout 60' })
}
