import { type Command, InvalidArgumentError } from 'commander'
import { ratesBetween, type TableRate } from '../../health/rates.ts'
import { formatTable } from '../../output/table.ts'
import { globalOptions, printRows, type Shell } from '../../shell.ts'
import { look, openHealth } from './look.ts'

interface TopOptions {
  readonly once: boolean
  readonly interval: number
}

export function addTopCommand(program: Command, shell: Shell): void {
  program
    .command('top')
    .description('every table with what comes in and what arrives, redrawn until ^C')
    .option('--once', 'print it once, as without a terminal', false)
    .option('--interval <seconds>', 'time between two looks', toSeconds, 2)
    .action(async ({ once, interval }: TopOptions, command: Command) => {
      const options = await openHealth(shell, command)
      const { output } = globalOptions(command)
      const isLive = process.stdout.isTTY === true && !once && output === 'table'
      let before = await look(options)
      let drawnLines = 0
      for (;;) {
        await options.clock.wait(interval * 1000, options.signal)
        const now = await look(options)
        const rows = ratesBetween(before, now)
        before = now
        if (!isLive) {
          printRows(
            shell,
            rows.map(row => ({ ...row })),
            { output, columns, toCells: row => toCells(row as never) },
          )
          return
        }
        const lines = formatTable(rows.map(toCells), columns)
          .split('\n')
          .slice(0, process.stdout.rows - 1)
        const up = drawnLines > 0 ? `\u001b[${drawnLines}A` : ''
        // The cells of a table are visible as they are.
        shell.drawOut(
          `${up}${lines.map(line => `${line.slice(0, process.stdout.columns)}\u001b[K`).join('\n')}\u001b[J`,
        )
        drawnLines = lines.length - 1
      }
    })
}

const columns = ['pipeline', 'table', 'in/s', 'records/s', 'out/s', 'lag', 'freshness', 'state']

function toCells(row: TableRate) {
  return {
    pipeline: row.pipeline,
    table: row.table,
    'in/s': row.inPerSecond ?? '?',
    'records/s': row.recordsPerSecond ?? '?',
    'out/s': row.outPerSecond ?? '?',
    lag: row.lagRecords ?? '?',
    freshness: row.freshnessSeconds === null ? '?' : `${row.freshnessSeconds} s`,
    state: row.state,
  }
}

function toSeconds(text: string): number {
  const seconds = Number(text)
  if (seconds >= 0.2 && seconds <= 3_600) return seconds
  throw new InvalidArgumentError('from 0.2 to 3600 seconds')
}
