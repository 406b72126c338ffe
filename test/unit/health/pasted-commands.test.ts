import { afterAll, expect, it } from 'vitest'
import type { Connector } from '../../../control/connect/connect-api.ts'
import { fixText } from '../../../control/doctor/finding.ts'
import { judge } from '../../../control/health/judge.ts'
import { catalogue } from '../../../control/health/rules/catalogue.ts'
import { knownTraces } from '../../../control/health/rules/traces.ts'
import { type Sight, sightOf } from '../../../control/health/sight.ts'
import type { DatabaseSight, SlotSight } from '../../../control/health/snapshot.ts'
import { hostileNames, hostileTexts } from '../../support/hostile-texts.ts'
import { openPasting } from '../../support/paste.ts'
import {
  database,
  emptyTopics,
  failed,
  group,
  read,
  sink,
  slot,
  snapshotOf,
  source,
  warehouse,
} from './snapshots.ts'

const pasting = openPasting()
afterAll(() => pasting[Symbol.dispose]())

interface World {
  readonly state?: string
  readonly slot?: SlotSight | undefined
  readonly database?: Partial<DatabaseSight>
  readonly isUnpublished?: boolean
  readonly putAside?: number
}

/** Whatever can be called so is called so: connectors (as far as Connect takes it), tables, columns, slot, database. */
function sightCalled(text: string, world: World = {}): Sight {
  const name = (label: string) => (hostileNames.includes(text) ? text : label)
  const called = (connector: Connector, label: string, config: Readonly<Record<string, string>>) => ({
    ...failed(connector, 'java.lang.Exception: something'),
    ...{ name: name(label), state: world.state ?? 'RUNNING', config: { ...connector.config, ...config } },
  })
  const ends = [
    called(source, 'shop', { 'slot.name': text, 'publication.name': text, 'table.include.list': '.*' }),
    { ...called(sink, 'lake', {}), name: `${name('lake')} sink` },
  ]
  const seen: DatabaseSight = {
    ...{ ...database, slotName: text, publicationName: text },
    ...('slot' in world ? { slot: world.slot } : {}),
    tables: database.tables.map(one => ({
      ...{ ...one, table: one.table === 'Orders' ? text : one.table, isPublished: !world.isUnpublished },
      columns: one.columns.map(column => ({ ...column, name: column.isKey ? column.name : text })),
    })),
    ...world.database,
  }
  const snapshot = snapshotOf({ connectors: read(ends), database: read(seen) })
  const [one, other] = ends.map(end => end.name) as [string, string]
  const [pipeline] = snapshot.pipelines
  if (!pipeline) throw new Error('no pipeline was read')
  return sightOf(
    {
      ...snapshot,
      databases: { [one]: read(seen) },
      warehouses: { [other]: read({ ...warehouse, place: { ...warehouse.place, database: text } }) },
      groups: read({ [other]: { ...group, putAside: world.putAside ?? 0 } }),
      topics: read(emptyTopics),
    },
    pipeline,
  )
}

const worlds: readonly World[] = [
  {},
  { state: 'PAUSED', slot: undefined, putAside: 3 },
  { state: 'STOPPED', slot: { ...slot, walStatus: 'lost' } },
  { state: 'UNASSIGNED', slot: { ...slot, isOfOtherDatabase: true }, isUnpublished: true },
  { slot: { ...slot, isActive: false, walStatus: 'unreserved' }, database: { publication: undefined } },
  { slot: undefined, database: { publication: undefined, walLevel: 'replica' } },
]

/** Every command that a rule has for these worlds, and every known trace whose words are all that text. */
function commandsFor(text: string): readonly string[] {
  const sights = worlds.map(world => sightCalled(text, world))
  const match = Object.assign(Array<string>(9).fill(text), { index: 0, input: text }) as RegExpExecArray
  const found = sights.flatMap(sight => [
    ...catalogue.flatMap(({ find }) => find(sight)?.command ?? []),
    ...knownTraces.flatMap(({ command, side = 'source' }) => {
      const connector = sight[side]
      return (connector && command(match, { sight, connector, side })) ?? []
    }),
  ])
  const settings = [['table.include.list', text]] as const
  const fix = fixText({ kind: 'config', connector: text, isDeployed: true, settings })
  return [...new Set([...found, ...(fix === null ? [] : [fix])])]
}

const shapeOf = (call: readonly string[]) => call.slice(0, call[0] === 'npx' ? 3 : 1).join(' ')

it('whatever the things are called, what is pasted are the same programs and no other', () => {
  const plain = commandsFor('Plain').flatMap(line => pasting.paste(line))
  expect(plain.length).toBeGreaterThan(40)

  for (const text of hostileTexts) {
    const lines = commandsFor(text)
    const calls = pasting.paste(lines.join('\n'))

    expect(new Set(calls.map(shapeOf)), text).toEqual(new Set(plain.map(shapeOf)))
    if (hostileNames.includes(text))
      expect(calls.filter(call => call.includes(text)).length).toBeGreaterThan(10)
  }
})

it('the command of a report is such a one', () => {
  const hostile = { ...failed(source, 'Caused by: gone'), name: 'shop; touch owned' }

  const [report] = judge(snapshotOf({ source: hostile })).pipelines

  expect(pasting.paste(report?.command ?? '')).toEqual([['npx', 'trib', 'restart', hostile.name]])
})
