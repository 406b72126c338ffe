import type { ConnectorKind } from './connector-kind.ts'
import { noteRows } from './note-rows.ts'
import { defaultSlot } from './notes-of.ts'
import type { ChangedKey, RiskRow } from './risk-of.ts'
import { isOnlyWrittenAnew, isRouting, isSameTarget, readsMore, readsNoRows } from './risk-tests.ts'

const any = () => true
const source = ({ side }: ConnectorKind) => side === 'source'
const sink = ({ side }: ConnectorKind) => side === 'sink'
const debezium = (kind: ConnectorKind) => kind.debezium !== undefined
const otherSource = (kind: ConnectorKind) => source(kind) && !debezium(kind)
const postgres = (kind: ConnectorKind) => kind.debezium === 'postgres'
const mongodb = (kind: ConnectorKind) => kind.debezium === 'mongodb'

const groupOf = ({ name, effectiveTo }: ChangedKey) => effectiveTo ?? `connect-${name}`
const readsNewOnly = ({ after }: ChangedKey) => after('consumer.override.auto.offset.reset') === 'latest'
const anotherServer =
  'the stored position belongs to the database that was read so far: in another one it means something else or nothing'

/** What a changed key risks, and why. All rows that fit count, and the worst of them wins. */
export const riskRows: readonly RiskRow[] = [
  {
    keys: /^connector\.class$/,
    of: any,
    risk: 'loses-position',
    note: ({ from, to }) => `${to} cannot go on from the position that ${from} stored`,
  },
  {
    keys: /^(topic\.prefix|database\.server\.name)$/,
    of: debezium,
    when: ({ after }) => !readsNoRows(after('snapshot.mode')),
    risk: 're-snapshots',
    note: ({ effectiveTo: to }) =>
      `offsets are stored under the topic prefix: '${to}' has none, so every table is read again, into new topics '${to}.…'`,
  },
  {
    keys: /^(topic\.prefix|database\.server\.name)$/,
    of: debezium,
    when: ({ after }) => readsNoRows(after('snapshot.mode')),
    risk: 'loses-position',
    note: ({ effectiveTo: to, after }) =>
      `offsets are stored under the topic prefix: '${to}' has none, and with snapshot.mode=${after('snapshot.mode')} the rows that are there now never come into the new topics '${to}.…'`,
  },
  {
    keys: /^snapshot\.mode$/,
    of: debezium,
    when: ({ effectiveFrom, effectiveTo }) => readsMore(effectiveFrom, effectiveTo),
    risk: 're-snapshots',
    note: ({ effectiveTo: to }) =>
      to === 'always'
        ? "snapshot.mode 'always' reads every table again at each start"
        : `snapshot.mode '${to}' reads every table again where it finds no position that is still good`,
  },
  {
    keys: /^offsets\.storage\.topic$/,
    of: source,
    risk: 're-snapshots',
    note: ({ to }) =>
      `the position is kept in that topic: where ${to === undefined ? "the worker's own" : `'${to}'`} has none of this connector, it begins anew`,
  },
  {
    keys: /^consumer\.override\.group\.id$/,
    of: sink,
    when: changed => !readsNewOnly(changed),
    risk: 're-snapshots',
    note: changed =>
      `the group '${groupOf(changed)}' has offsets of its own: where it has none, all topics are read again from the start`,
  },
  {
    keys: /^consumer\.override\.group\.id$/,
    of: sink,
    when: readsNewOnly,
    risk: 'loses-position',
    note: changed =>
      `the group '${groupOf(changed)}' has offsets of its own: where it has none, auto.offset.reset=latest skips what is in the topics now`,
  },
  {
    keys: /^slot\.name$/,
    of: postgres,
    risk: 'loses-position',
    note: ({ effectiveFrom: from = defaultSlot, effectiveTo: to = defaultSlot }) =>
      `a new slot '${to}' begins now: changes that were not yet read through '${from}' are lost; '${from}' stays and holds back WAL until somebody drops it`,
  },
  {
    keys: /^slot\.drop\.on\.stop$/,
    of: postgres,
    when: ({ effectiveTo }) => effectiveTo?.toLowerCase() === 'true',
    risk: 'loses-position',
    note: () =>
      'from now on the slot is dropped whenever the connector stops: changes made until its next start are lost',
  },
  {
    keys: /^plugin\.name$/,
    of: postgres,
    risk: 'loses-position',
    note: ({ effectiveTo: to, after }) =>
      `a slot belongs to the plugin it was made with: ${to} cannot read '${after('slot.name') ?? defaultSlot}', and a new slot begins now`,
  },
  {
    keys: /^database\.(hostname|port|dbname|names|pdb\.name)$/,
    of: debezium,
    risk: 'loses-position',
    note: () => anotherServer,
  },
  {
    keys: /^mongodb\.(connection\.string|hosts)$/,
    of: mongodb,
    when: changed => !isSameTarget(changed),
    risk: 'loses-position',
    note: () => anotherServer,
  },
  {
    keys: /^(database\.(hostname|port|dbname|names|pdb\.name)|mongodb\.(connection\.string|hosts)|connection\.url)$/,
    of: any,
    when: isOnlyWrittenAnew,
    note: ({ key }) =>
      `${key} may only be written anew: where the reference stands for the value of before, no position is lost`,
  },
  {
    keys: /^(schema\.history\.internal|database\.history)(\.kafka\.topic)?$/,
    of: debezium,
    risk: 'loses-position',
    note: () =>
      'without the schema history that was kept so far the stored position cannot be read: the connector fails, or begins anew',
  },
  {
    keys: /^topic\.(naming\.strategy|delimiter|regex|replacement)$/,
    of: debezium,
    risk: 'loses-position',
    note: ({ key }) => `${key} names the topics: rows that were already sent are not in the new ones`,
  },
  {
    keys: /^connection\.url$/,
    of: sink,
    when: changed => !isSameTarget(changed),
    risk: 'loses-position',
    note: () => 'connection.url leads to another place: rows that were already read are not written there',
  },
  {
    keys: /^connection\.url$/,
    of: otherSource,
    when: changed => !isSameTarget(changed),
    risk: 'loses-position',
    note: () => anotherServer,
  },
  {
    keys: /^((collection|table)\.name\.format|(collection|table)\.naming\.strategy|collection\.table\.format)$/,
    of: sink,
    risk: 'loses-position',
    note: ({ key }) => `${key} names the tables: rows that were already read are not written to the new ones`,
  },
  {
    keys: /^transforms(\.|$)/,
    of: sink,
    when: isRouting,
    risk: 'loses-position',
    note: ({ key }) => `${key} decides where rows go: those already read are not written to the new place`,
  },
  {
    keys: /^transforms(\.|$)/,
    of: source,
    when: isRouting,
    risk: 'loses-position',
    note: ({ key }) => `${key} decides where records go: those already sent are not in the new topics`,
  },
  ...noteRows,
]
