import type { ConnectorOffset } from '../../connect/connect-api.ts'
import { sqlText } from '../../health/commands-to-paste.ts'
import { named } from '../../output/shell-words.ts'
import type { SourceCheck } from '../check.ts'
import type { Fix } from '../finding.ts'
import { setKey } from '../subjects/examined.ts'
import type { SourceSubject } from '../subjects/source-subject.ts'
import { alterSystem } from './server.ts'

interface Slot {
  readonly type: string
  readonly plugin: string | null
  readonly database: string | null
  readonly isHere: boolean
  readonly isActive: boolean
  readonly reader: string | null
  readonly status: string | null
  /** As a number, which is how Debezium stores it. */
  readonly confirmed: string | null
  readonly limit: string
}

async function readSlot({ database, slot }: SourceSubject): Promise<Slot | undefined> {
  const { rows } = await database.query<Slot>(
    `select slot_type as type, s.plugin::text, s.database::text, s.database = current_database() as "isHere", s.active as "isActive",
       a.application_name as reader, s.wal_status as status,
       (s.confirmed_flush_lsn - '0/0'::pg_lsn)::text as confirmed, current_setting('max_slot_wal_keep_size') as "limit"
     from pg_replication_slots s left join pg_stat_activity a on a.pid = s.active_pid
     where s.slot_name = $1`,
    [slot],
  )
  return rows[0]
}

export const slotChecks: readonly SourceCheck[] = [
  {
    id: 'slot-free',
    title: 'the slot of the source is its own: no other connector, reader, plugin or database has it',
    appliesTo: 'source',
    run: async subject => {
      const { connector, slot } = subject
      const twin = twinOf(subject)
      const found = await readSlot(subject)
      const objection =
        twin === undefined
          ? found && objectionTo(found, subject)
          : `is named by ${twin}, too: only one of them can read it`
      if (objection === undefined) return []
      const free = `${connector.name.toLowerCase().replace(/[^a-z0-9_]/g, '_')}_slot`
      return [
        {
          object: connector.name,
          severity: 'error',
          message: `the slot '${slot}' ${objection}`,
          fix: setKey(connector, 'slot.name', free),
        },
      ]
    },
  },
  {
    id: 'slot-in-step',
    title:
      'the slot is there and not ahead of the stored offset, nor the database behind it: no change is skipped',
    appliesTo: 'source',
    run: async subject => {
      if (!subject.connector.isDeployed) return []
      // In this order: a connector at work stores its offset first, and confirms to the slot what it stored.
      const slot = await readSlot(subject)
      const stored = newestLsn(await subject.offsets())
      if (stored === undefined) return []
      const objection = slot ? await outOfStep(subject, slot, stored) : missing(subject)
      return objection === undefined
        ? []
        : [
            {
              object: subject.connector.name,
              severity: 'error',
              message: `${objection}; ${deletesStay}`,
              fix: resync(subject),
            },
          ]
    },
  },
  {
    id: 'slot-lost',
    title: 'the server still has the WAL that the slot needs (wal_status)',
    appliesTo: 'source',
    run: async subject => {
      const found = await readSlot(subject)
      const { connector, slot, databaseName } = subject
      if (found?.status === 'lost') {
        return [
          {
            object: connector.name,
            severity: 'error',
            message: `the slot '${slot}' is lost: the WAL it needs was removed, as it held more than max_slot_wal_keep_size (${found.limit})`,
            fix: {
              kind: 'sql',
              database: databaseName,
              statements: [`select pg_drop_replication_slot(${sqlText(slot)})`],
              byHand: `it ends what the slot could still say; afterwards: ${resyncCommand(connector.name)} && npx trib verify --repair`,
            },
          },
        ]
      }
      if (found?.status !== 'unreserved') return []
      return [
        {
          object: connector.name,
          severity: 'warning',
          message: `the slot '${slot}' holds more WAL than max_slot_wal_keep_size (${found.limit}) and is lost at the next checkpoint`,
          fix: alterSystem(subject, 'max_slot_wal_keep_size', '100GB'),
        },
      ]
    },
  },
]

function twinOf({ all, connector, slot }: SourceSubject): string | undefined {
  const same = (key: string, of: { readonly config: Readonly<Record<string, string>> }) =>
    of.config[key] === connector.config[key]
  return all.find(
    other =>
      other.name !== connector.name &&
      (other.config['slot.name'] ?? 'debezium') === slot &&
      /postgres/i.test(other.config['connector.class'] ?? '') &&
      same('database.hostname', other) &&
      same('database.port', other),
  )?.name
}

function objectionTo(found: Slot, { connector, plugin }: SourceSubject): string | undefined {
  if (found.type !== 'logical') return `is a ${found.type} one`
  if (!found.isHere) return `is of the database ${found.database}`
  if (found.plugin !== plugin) return `decodes with ${found.plugin}, not with ${plugin}`
  const isStopped = connector.state === 'STOPPED' || connector.state === 'FAILED'
  if (!found.isActive || (connector.isDeployed && !isStopped)) return undefined
  const reader = found.reader ? ` '${found.reader}'` : ''
  return `is read by another program${reader}, as ${connector.name} ${connector.isDeployed ? `is ${connector.state}` : 'is not deployed'}`
}

/** The farthest that the connector has stored. */
function newestLsn(offsets: readonly ConnectorOffset[]): bigint | undefined {
  const numbers = offsets.flatMap(({ offset }) =>
    ['lsn', 'lsn_proc', 'lsn_commit'].flatMap(key => {
      const value = offset?.[key]
      return typeof value === 'number' || typeof value === 'string' ? [BigInt(value)] : []
    }),
  )
  return numbers.length === 0 ? undefined : numbers.reduce((a, b) => (b > a ? b : a))
}

const missing = ({ slot, databaseName }: SourceSubject) =>
  `an offset is stored, but the slot '${slot}' is not in ${databaseName}: a new one begins now, and what changed in between is skipped`

async function outOfStep(
  { connector, database, databaseName, slot }: SourceSubject,
  { confirmed, isHere }: Slot,
  stored: bigint,
): Promise<string | undefined> {
  if (!isHere) return undefined
  const { rows } = await database.query<{ now: string }>(
    `select (pg_current_wal_lsn() - '0/0'::pg_lsn)::text as now`,
  )
  const now = BigInt(rows[0]?.now ?? '0')
  if (stored > now) {
    return `the stored offset ${toLsn(stored)} lies behind the end of the WAL, ${toLsn(now)}: ${databaseName} is an older copy, and what it changes is skipped`
  }
  // With the driver's help the slot also moves while nothing of ours is in the WAL.
  const isStrict = connector.config['lsn.flush.mode'] === 'connector'
  if (confirmed === null || BigInt(confirmed) <= stored || !isStrict) return undefined
  return `the slot '${slot}' has been confirmed to ${toLsn(BigInt(confirmed))}, beyond the stored offset ${toLsn(stored)}: what lies between is skipped`
}

/** `16/B374D848`, as Postgres writes it. */
export function toLsn(position: bigint): string {
  const [high, low] = [position >> 32n, position & 0xffffffffn]
  return `${high.toString(16)}/${low.toString(16)}`.toUpperCase()
}

const resyncCommand = (name: string) =>
  [
    `npx trib stop ${named(name)}`,
    `npx trib delete offsets ${named(name, '--yes')}`,
    `npx trib resume ${named(name)}`,
  ].join(' && ')

/** A snapshot brings every row that is there, and says nothing of those that went. */
const deletesStay =
  'rows deleted meanwhile leave the warehouse only with npx trib verify --repair, afterwards'

/** Without an offset Debezium reads all rows again, from a slot that begins where they end. */
const resync = ({ connector }: SourceSubject): Fix => ({
  kind: 'command',
  command: resyncCommand(connector.name),
})
