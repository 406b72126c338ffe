import type { HealthState } from '../../../health/report.ts'
import type { ConnectorCard } from '../../messages.ts'

/** A connector can be RUNNING while its tasks have failed: the worst of all counts. */
export function stateOf({ state, tasks }: ConnectorCard): HealthState {
  const states = [state, ...tasks.map(task => task.state)]
  if (states.includes('FAILED')) return 'failed'
  if (states.some(one => one !== 'RUNNING')) return 'degraded'
  return tasks.length === 0 ? 'degraded' : 'ok'
}

/** In words; a whole that runs while a part of it failed does not run. */
export function wordOf(connector: ConnectorCard): string {
  const { state } = connector
  return state === 'RUNNING' && stateOf(connector) === 'failed' ? 'task failed' : state.toLowerCase()
}

export function badnessOf(connector: ConnectorCard): number {
  return (['ok', 'unknown', 'degraded', 'failed'] as const).indexOf(stateOf(connector))
}

/** `2 running, 1 failed` */
export function tasksOf({ tasks }: ConnectorCard): string {
  if (tasks.length === 0) return 'none'
  const kinds = [...new Set(tasks.map(({ state }) => state))]
  return kinds
    .map(kind => `${tasks.filter(({ state }) => state === kind).length} ${kind.toLowerCase()}`)
    .join(', ')
}
