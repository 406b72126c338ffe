import type { Command } from 'commander'
import * as z from 'zod'
import { describeOffset, describePartition } from '../../offsets/plan-offsets.ts'
import type { Row } from '../../output/format-rows.ts'
import { globalOptions, printRows, type Shell } from '../../shell.ts'
import { chooseConnectors } from './choose-connectors.ts'
import { openConnect } from './open-connect.ts'

export function addGetOffsetsCommand(get: Command, shell: Shell): void {
  get
    .command('offsets [names...]')
    .alias('offset')
    .description('how far connectors have read')
    .option('-e, --regexp', 'the names are patterns', false)
    .action(async (names: string[], { regexp }: { regexp: boolean }, command: Command) => {
      const { connect } = await openConnect(shell, command)
      const chosen = chooseConnectors(await connect.list(), { names, isRegexp: regexp })
      const rows = await Promise.all(
        chosen.map(async ({ name }) =>
          [...(await connect.offsets(name))]
            .map(({ partition, offset }) => ({ connector: name, partition, offset }))
            .sort((a, b) => (describePartition(a.partition) < describePartition(b.partition) ? -1 : 1)),
        ),
      )
      printRows(shell, rows.flat(), {
        output: globalOptions(command).output,
        columns: ['connector', 'partition', 'offset'],
        toCells: toOffsetCells,
      })
    })
}

const objectSchema = z.record(z.string(), z.unknown())

/** Partitions as `topic/0`, offsets as plain numbers where they are some. */
export function toOffsetCells({ partition, ...row }: Row): Row {
  const cells = Object.entries(row).map(([key, value]) => {
    const offset = objectSchema.nullable().safeParse(value)
    return [key, offset.success ? describeOffset(offset.data) : value]
  })
  return { partition: describePartition(objectSchema.parse(partition)), ...Object.fromEntries(cells) }
}
