import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ConnectorConfig } from '../../control/connect/connect-api.ts'
import { root } from '../support/trib.ts'

/** The connectors that `up` registers. */
export const committedNames = ['community-source', 'sites-source', 'warehouse-sink'] as const

export const committedFile = (name: string) => join(root, 'connectors', 'moodle', `${name}.json`)

export const newTopic = () => `cli-${randomBytes(4).toString('hex')}`

/** Reads a topic and drops every record, so that no table is needed; the address is the shipped sink's. */
export function sinkOf(topic: string): ConnectorConfig {
  const shipped: Record<string, string> = JSON.parse(readFileSync(committedFile('warehouse-sink'), 'utf8'))
  const address = Object.entries(shipped).filter(([key]) => /^connection\.(url|username|password)$/.test(key))
  return {
    'connector.class': 'io.debezium.connector.jdbc.JdbcSinkConnector',
    'tasks.max': '1',
    topics: topic,
    ...Object.fromEntries(address),
    transforms: 'drop',
    'transforms.drop.type': 'org.apache.kafka.connect.transforms.Filter',
    'key.converter': 'org.apache.kafka.connect.json.JsonConverter',
    'key.converter.schemas.enable': 'false',
    'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
    'value.converter.schemas.enable': 'false',
  }
}
