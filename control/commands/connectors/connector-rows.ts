import type { Connector } from '../../connect/connect-api.ts'
import type { Row } from '../../output/format-rows.ts'

/** What machines read of a connector; people see the tasks as `2 RUNNING, 1 FAILED`. */
export function toConnectorRow(connector: Connector): Row {
  const { name, type, config, state, workerId, tasks } = connector
  return {
    name,
    type,
    class: config['connector.class'] ?? '',
    state,
    tasks: tasks.map(task => ({ id: task.id, state: task.state })),
    topics: declaredTopics(connector),
    worker: workerId,
  }
}

export function toConnectorCells({ tasks, topics, ...row }: Row): Row {
  const states = isTasks(tasks) ? tasks.map(({ state }) => state) : []
  return { ...row, tasks: countStates(states), topics: Array.isArray(topics) ? topics.join(', ') : '' }
}

/** What is not running comes first: it is what a reader looks for. */
function countStates(states: readonly string[]): string {
  if (states.length === 0) return 'none'
  const kinds = [...new Set(states)].sort((a, b) => Number(a === 'RUNNING') - Number(b === 'RUNNING'))
  return kinds.map(kind => `${states.filter(state => state === kind).length} ${kind}`).join(', ')
}

function isTasks(value: unknown): value is readonly { readonly state: string }[] {
  return Array.isArray(value)
}

/**
 * The topics as the config names them: asking Connect which ones were used takes a request for each connector
 * (`trib get topics`).
 */
export function declaredTopics({ config }: Connector): readonly string[] {
  const list = (key: string) => (config[key] ?? '').split(',').map(part => part.trim())
  const topics = list('topics').filter(Boolean)
  if (topics.length > 0 || config['topics.regex'])
    return topics.length > 0 ? topics : [`/${config['topics.regex']}/`]
  const prefix = config['topic.prefix']
  if (prefix === undefined) return config['topic'] ? [config['topic']] : []
  return [...list('table.include.list'), ...list('collection.include.list')]
    .filter(Boolean)
    .map(table => `${prefix}.${table}`)
}
