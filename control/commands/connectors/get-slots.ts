import type { Command } from 'commander'
import { globalOptions, printRows, type Shell } from '../../shell.ts'
import type { Slot } from '../../slots/judge-slot.ts'
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

/** Nothing is dropped for anybody: whoever reads it from elsewhere would lose their place. */
const describeOrphan = ({ slot, service, retainedBytes }: Slot) =>
  `${slot} belongs to no connector here and holds ${bytes(retainedBytes ?? 0)} of WAL; where nobody elsewhere reads it:\n  → npx trib sql ${service} "select pg_drop_replication_slot('${slot}')"\n`

function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const power = count < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(count) / 10))
  return `${(count / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`
}

function duration(seconds: number): string {
  if (seconds < 120) return `${seconds} s`
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} d`
}
