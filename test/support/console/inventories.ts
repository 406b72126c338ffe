import type { LetterGroup } from '../../../control/bad-records/group-letters.ts'
import type { BackfillCard } from '../../../control/console/inventory/backfill-reader.ts'
import type { Slot } from '../../../control/slots/judge-slot.ts'

/** Names that would do something if they were taken for markup; databases and topics allow them. */
export const markup = `<img src=x onerror="document.title='owned'">&amp;"'`

const megabyte = 1024 ** 2

const slot = (name: string, more: Partial<Slot>): Slot => ({
  ...{ slot: name, service: 'community-db', database: 'community_db', owner: 'community', active: true },
  ...{ reader: 'Debezium Streaming', retainedBytes: 3 * megabyte, walStatus: 'reserved' },
  ...{ safeBytes: 2_048 * megabyte, secondsUntilFull: null },
  ...more,
})

const abandoned = { owner: 'ORPHAN', active: false, reader: null } as const

export const slots: readonly Slot[] = [
  slot('tributary_community', {}),
  slot('tributary_sites', { ...{ service: 'sites-db', database: 'sites_db', owner: 'sites' } }),
  slot('old_reporting', { ...abandoned, retainedBytes: 1_430 * megabyte, secondsUntilFull: 5_400 }),
  slot('migration_of_march', {
    ...abandoned,
    ...{ walStatus: 'lost', retainedBytes: null, secondsUntilFull: 0 },
  }),
  slot('standby_1', { ...{ owner: null, database: null, reader: markup } }),
]

const backfill = (table: string, more: Partial<BackfillCard>): BackfillCard => ({
  ...{ source: 'community', table, where: null, state: 'waiting', rows: 120_000, percent: null },
  secondsLeft: null,
  ...more,
})

export const backfills: readonly BackfillCard[] = [
  backfill('public.Orders', { state: 'running', percent: 42.7, secondsLeft: 95 }),
  backfill(`public.${markup}`, { where: `note <> '<b>bold</b>'`, rows: null }),
  backfill('shop.lines', { source: 'sites', state: 'paused', percent: 80 }),
]

const letter = (id: unknown, value: unknown, isMended = false): LetterGroup['letters'][number] => ({
  at: `community.public.parcels/0@${id}`,
  putAside: '2026-11-26T08:15:00.000Z',
  ...{ key: { id }, value, cause: 'value too long for type character varying(20) (22001)', isMended },
})

export const letters: readonly LetterGroup[] = [
  {
    ...{ connector: 'lake', topic: 'community.public.parcels', stage: 'TASK_PUT', records: 12, open: 12 },
    cause: 'value too long for type character varying(20) (22001)',
    letters: Array.from({ length: 12 }, (_, id) =>
      letter(id, { id, label: id === 11 ? markup : 'a label of more than twenty letters' }),
    ),
  },
  {
    ...{ connector: 'lake', topic: 'sites.public.SitesUsers', stage: 'VALUE_CONVERTER', records: 1, open: 0 },
    cause: 'it is no JSON: Unexpected token <',
    letters: [letter(7, markup, true)],
  },
]
