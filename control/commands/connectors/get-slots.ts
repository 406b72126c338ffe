import type { Command } from 'commander'
import { bytes, duration } from '../../health/words.ts'
import { globalOptions, printRows, type Shell } from '../../shell.ts'
import { dropCommandOf, type Slot } from '../../slots/judge-slot.ts'
import { openConnect } from './open-connect.ts'

export function addGetSlotsCommand(get: Command, shell: Shell): void {
  get
    .command('slots')
    .alias('slot')
    .description('replication slots: whose they are, the WAL they hold, how long until they are full')
    .action(async (_options: unknown, command: Command) => {
      const { connect, context } = await openConnect(shell, command)
      const { readSlots } = await import('../../slots/read-slots.ts')
      const slots = await readSlots({
        ...{ context, connectors: await connect.list(), signal: shell.signal },
        onUnreached: (service, sentence) => shell.writeErr(`${service}: ${sentence}\n`),
      })
      const columns = ['slot', 'service', 'owner', 'active', 'retained', 'wal_status', 'full_in']
      const byName = new Map(slots.map(slot => [slot.slot, slot]))
      printRows(
        shell,
        slots.map(slot => ({ ...slot })),
        {
          output: globalOptions(command).output,
          ...{ columns, wideColumns: [...columns, 'database', 'reader'] },
          toCells: row => toCells(byName.get(String(row['slot'])), row),
        },
      )
      const orphans = slots.filter(({ owner }) => owner === 'ORPHAN')
      shell.writeErr(orphans.map(describeOrphan).join(''))
    })
}

function toCells(slot: Slot | undefined, row: Readonly<Record<string, unknown>>) {
  if (!slot) return row
  return {
    ...row,
    active: slot.active ? 'yes' : 'no',
    owner: slot.owner ?? '-',
    retained: slot.retainedBytes === null ? '-' : bytes(slot.retainedBytes),
    wal_status: slot.walStatus ?? '-',
    full_in: slot.secondsUntilFull === null ? '-' : duration(slot.secondsUntilFull),
  }
}

const describeOrphan = (slot: Slot) =>
  `${slot.slot} belongs to no connector here and holds ${bytes(slot.retainedBytes ?? 0)} of WAL; where nobody elsewhere reads it:\n  → ${dropCommandOf(slot)}\n`
