import type { Connector, ConnectorConfig, KeyDefinition } from '../connect/connect-api.ts'
import type { DeclaredConnector, DeclaredState } from '../declared/declared-connector.ts'
import { kindOf } from './connector-kind.ts'
import { type ConfigSide, differingKeys, type KeyDifference } from './effective-config.ts'
import type { Mask } from './mask.ts'
import { notesOfCreate, notesOfDelete, notesOfFailure, notesOfState } from './notes-of.ts'
import type { KeyChange, PlannedChange } from './planned-change.ts'
import { riskOf } from './risk-of.ts'

export interface PlanInput {
  readonly declared: readonly DeclaredConnector[]
  readonly live: readonly Connector[]
  /** The keys known for a config: the connector's own, and with their prefix those of its transforms and converters. */
  readonly keysOf: (config: ConnectorConfig) => ReadonlyMap<string, KeyDefinition>
  /** The connectors that were applied from here: only these are pruned. */
  readonly owned: Iterable<string>
  readonly isPruning: boolean
  readonly mask: Mask
}

/** What leads from live to declared: in declared order, the unchanged ones among them; what is deleted comes last. */
export function planChanges(input: PlanInput): readonly PlannedChange[] {
  const { declared, live, owned, isPruning } = input
  const liveByName = new Map(live.map(connector => [connector.name, connector]))
  const changes = declared.map(wanted => {
    const found = liveByName.get(wanted.name)
    return found ? planChange(wanted, found, input) : planCreate(wanted, input)
  })
  if (!isPruning) return changes
  const declaredNames = new Set(declared.map(({ name }) => name))
  const ownedNames = new Set(owned)
  const deletes = live
    .filter(({ name }) => ownedNames.has(name) && !declaredNames.has(name))
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .map(connector => planDelete(connector, input))
  return [...changes, ...deletes]
}

function planChange(wanted: DeclaredConnector, found: Connector, input: PlanInput): PlannedChange {
  const { name } = wanted
  const before = sideOf(found.config, input)
  const after = sideOf(wanted.config, input)
  const differences = differingKeys(before, after)
  const stateChange = differingState(wanted.state, found)
  const failures = notesOfFailure(found)
  if (differences.length > 0) {
    // What Connect says of the old class does not hold for a new one.
    const isClassChanged = differences.some(({ key }) => key === 'connector.class')
    const kind = kindOf(wanted.config, isClassChanged ? undefined : found.type)
    const { risk, notes } = riskOf({ name, kind, before, after, differences })
    const keys = [...differences.map(difference => show(difference, input.mask)), ...stateChange].sort(byKey)
    const stateNotes = stateChange.length > 0 ? notesOfState(wanted) : []
    return { name, kind: 'configure', risk, keys, notes: [...notes, ...stateNotes, ...failures] }
  }
  if (stateChange.length > 0) {
    const notes = [...notesOfState(wanted, found), ...failures]
    return { name, kind: 'set-state', risk: 'safe', keys: stateChange, notes }
  }
  if (failures.length > 0) {
    return { name, kind: 'restart', risk: 'restarts-tasks', keys: [], notes: failures }
  }
  return { name, kind: 'none', risk: 'safe', keys: [], notes: [] }
}

function planCreate(wanted: DeclaredConnector, input: PlanInput): PlannedChange {
  const { name, config, state } = wanted
  const keys = Object.entries(config).map(([key, value]) => ({
    key,
    from: undefined,
    to: input.mask(key, value),
  }))
  // Running is what a new connector does by itself.
  const stateChange =
    state === undefined || state === 'running' ? [] : [{ key: 'state', from: undefined, to: state }]
  const notes = [
    ...notesOfCreate(kindOf(config), sideOf(config, input)),
    ...(stateChange.length > 0 ? notesOfState(wanted) : []),
  ]
  return { name, kind: 'create', risk: 'safe', keys: [...keys, ...stateChange].sort(byKey), notes }
}

function planDelete({ name, config, type }: Connector, input: PlanInput): PlannedChange {
  const keys = Object.entries(config).map(([key, value]) => ({
    key,
    from: input.mask(key, value),
    to: undefined,
  }))
  const notes = notesOfDelete(name, kindOf(config, type), sideOf(config, input))
  return { name, kind: 'delete', risk: 'loses-position', keys: keys.sort(byKey), notes }
}

const sideOf = (config: ConnectorConfig, { keysOf }: PlanInput): ConfigSide => ({
  config,
  keys: keysOf(config),
})

function differingState(wanted: DeclaredState | undefined, found: Connector): readonly KeyChange[] {
  const from = stateOf(found)
  return wanted === undefined || wanted === from ? [] : [{ key: 'state', from, to: wanted }]
}

/** What somebody asked for: a connector that failed, or waits for a worker, is meant to run. */
function stateOf({ state }: Connector): DeclaredState {
  if (state === 'PAUSED') return 'paused'
  return state === 'STOPPED' ? 'stopped' : 'running'
}

function show({ key, from, to }: KeyDifference, mask: Mask): KeyChange {
  const shown = (value: string | undefined) => (value === undefined ? undefined : mask(key, value))
  return { key, from: shown(from), to: shown(to) }
}

const byKey = (one: KeyChange, other: KeyChange) => (one.key < other.key ? -1 : 1)
