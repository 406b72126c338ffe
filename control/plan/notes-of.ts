import type { Connector } from '../connect/connect-api.ts'
import type { DeclaredConnector } from '../declared/declared-connector.ts'
import { sqlText } from '../health/commands-to-paste.ts'
import { named } from '../output/shell-words.ts'
import { type ConnectorKind, kindOf } from './connector-kind.ts'
import { type ConfigSide, effectiveValue } from './effective-config.ts'

/** Debezium's own defaults, for when the plugin could not be asked. */
export const defaultSlot = 'debezium'
const defaultPublication = 'dbz_publication'
const defaultAutocreate = 'all_tables'

export function notesOfCreate({ debezium }: ConnectorKind, side: ConfigSide): readonly string[] {
  if (debezium !== 'postgres') return []
  const note = noteOfAutocreate(effectiveValue(side, 'publication.autocreate.mode'))
  return note === undefined ? [] : [note]
}

/** undefined: the mode leaves publications to those who run the database. */
export function noteOfAutocreate(mode = defaultAutocreate): string | undefined {
  if (mode === 'disabled') return undefined
  const published =
    mode === 'all_tables'
      ? 'the default publishes all tables'
      : 'Debezium publishes tables by itself where the publication is missing'
  return `publication.autocreate.mode is '${mode}': ${published}, and UPDATE and DELETE then fail in the source's own application for each of them that has no primary key`
}

export function notesOfDelete(
  name: string,
  { side, debezium }: ConnectorKind,
  config: ConfigSide,
): readonly string[] {
  const value = (key: string) => effectiveValue(config, key)
  if (side === 'sink') {
    const group = value('consumer.override.group.id') ?? `connect-${name}`
    return [
      `the offsets of its group '${group}' stay in Kafka until they expire (7 days by default): a sink created under this name before that goes on from there, a later one reads everything again`,
    ]
  }
  const offsets =
    'its offsets stay in Kafka Connect: a source created under this name and with the same topic.prefix goes on from there'
  if (debezium === 'postgres') return [noteOfSlot(config), offsets]
  if (debezium !== undefined) return [offsets]
  return ['its offsets stay in Kafka Connect: a source created under this name goes on from there']
}

function noteOfSlot(config: ConfigSide): string {
  const slot = effectiveValue(config, 'slot.name') ?? defaultSlot
  const publication = effectiveValue(config, 'publication.name') ?? defaultPublication
  const dropPublication = `drop publication "${publication.replaceAll('"', '""')}"`
  if (effectiveValue(config, 'slot.drop.on.stop')?.toLowerCase() === 'true') {
    return `its slot '${slot}' is dropped as it stops, its publication '${publication}' stays; where nobody needs it any more: ${dropPublication}`
  }
  const dropSlot = `select pg_drop_replication_slot(${sqlText(slot)})`
  return `its slot '${slot}' and publication '${publication}' stay in the database, and the slot holds back WAL; where nobody needs them any more: ${dropSlot}; ${dropPublication}`
}

/** Says what was seen, not the trace: that may hold addresses and passwords. */
export function notesOfFailure({ state, workerId, tasks }: Connector): readonly string[] {
  const failed = tasks.filter(task => task.state === 'FAILED')
  return [
    ...(state === 'FAILED' ? [`the connector is FAILED on ${workerId}`] : []),
    ...failed.map(task => `task ${task.id} is FAILED on ${task.workerId}`),
  ]
}

export function notesOfState(
  { name, config, state }: DeclaredConnector,
  found?: Connector,
): readonly string[] {
  if (state === 'running') {
    const isAnyFailed = found?.state === 'PAUSED' && found.tasks.some(task => task.state === 'FAILED')
    return isAnyFailed
      ? [`resuming does not restart what failed: npx trib restart ${named(name, '--tasks failed')}`]
      : []
  }
  if (state === undefined || kindOf(config).debezium !== 'postgres') return []
  return [`while it is ${state}, its slot '${config['slot.name'] ?? defaultSlot}' holds back WAL`]
}
