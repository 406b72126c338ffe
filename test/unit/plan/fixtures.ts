import { readFileSync } from 'node:fs'
import type { Connector, ConnectorConfig, KeyDefinition } from '../../../control/connect/connect-api.ts'
import type { DeclaredConnector, DeclaredState } from '../../../control/declared/declared-connector.ts'
import { type PlanInput, planChanges } from '../../../control/plan/plan-changes.ts'
import type { PlannedChange } from '../../../control/plan/planned-change.ts'

const read = (path: string) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'))

type KeyRow = readonly [name: string, type: string, isRequired: boolean, defaultValue: string | null]

/** Read from the `ConfigDef`s of the shipped plugins and of Connect 4.3.1, not over REST; without documentation. */
const pluginKeys = read('./plugin-keys.json') as Readonly<Record<string, readonly KeyRow[]>>

const define = ([name, type, isRequired, defaultValue]: KeyRow): KeyDefinition => ({
  name,
  type,
  isRequired,
  defaultValue: defaultValue ?? undefined,
  importance: 'MEDIUM',
  documentation: '',
})

export function keysOf(config: ConnectorConfig): ReadonlyMap<string, KeyDefinition> {
  const under = (prefix: string, plugin = '') =>
    (pluginKeys[plugin] ?? []).map(row => {
      const definition = define(row)
      const name = `${prefix}${definition.name}`
      return [name, { ...definition, name }] as const
    })
  const aliases = (config['transforms'] ?? '').split(',').filter(alias => alias !== '')
  return new Map([
    ...['key.converter', 'value.converter'].flatMap(key => under(`${key}.`, config[key])),
    ...aliases.flatMap(alias => under(`transforms.${alias}.`, config[`transforms.${alias}.type`])),
    ...under('', config['connector.class']),
  ])
}

export const shippedNames = ['sites-source', 'community-source', 'warehouse-sink'] as const

export function shipped(name: (typeof shippedNames)[number]): ConnectorConfig {
  const { name: _, ...config } = read(`../../../connectors/moodle/${name}.json`) as ConnectorConfig
  return config
}

export const declare = (name: string, config: ConnectorConfig, state?: DeclaredState): DeclaredConnector => ({
  name,
  config,
  state,
  origin: { file: `${name}.json`, line: undefined },
})

export function deployed(name: string, config: ConnectorConfig, live: Partial<Connector> = {}): Connector {
  const type = /Sink/.test(config['connector.class'] ?? '') ? 'sink' : 'source'
  const task = { id: 0, state: 'RUNNING', workerId: 'w:8083', trace: undefined }
  return {
    name,
    type,
    state: 'RUNNING',
    workerId: 'w:8083',
    trace: undefined,
    tasks: [task],
    config,
    ...live,
  }
}

export const maskPasswords = (key: string, value: string) =>
  /password/.test(key) && !value.startsWith('${') ? '***' : value

export function plan(input: Partial<PlanInput>): readonly PlannedChange[] {
  return planChanges({
    declared: [],
    live: [],
    keysOf,
    owned: [],
    isPruning: false,
    mask: maskPasswords,
    ...input,
  })
}

/** The plan for one connector whose config goes from one to the other. */
export function reconfigure(before: ConnectorConfig, after: ConnectorConfig): PlannedChange | undefined {
  return plan({ live: [deployed('c', before)], declared: [declare('c', after)] })[0]
}
