import type { Connector } from '../../connect/connect-api.ts'
import { failureOf } from '../../connect/failure-of.ts'
import type { HopReport, PipelineReport } from '../../health/report.ts'
import { restartMends, whatComesFirst } from '../../health/rules/restart-mends.ts'
import { readOf } from '../../health/unread.ts'
import type { Observation } from '../watch/observation.ts'
import type { ConnectorSight, Obstacle } from './decide-restart.ts'

/** Pure: every connector, as health explains it; undefined: Connect does not answer. */
export function connectorSights({ snapshot, report }: Observation): readonly ConnectorSight[] | undefined {
  return readOf(snapshot.connectors)?.map(connector => sightOf(connector, report.pipelines))
}

function sightOf(connector: Connector, pipelines: readonly PipelineReport[]): ConnectorSight {
  const { name, type } = connector
  const side = type === 'sink' ? 'sink' : 'source'
  const own = pipelines.filter(pipeline => pipeline[side] === name)
  const hop = own.flatMap(({ hops }) => hops).find(one => one.hop === side && one.state === 'failed')
  const obstacles = own.flatMap(pipeline => whatComesFirst(side, pipeline) ?? [])
  const rule = hop?.rule ?? null
  return {
    ...{ name, rule, condition: conditionOf(connector), part: failedPart(connector) },
    cause: causeOf(connector, hop),
    command: hop?.command ?? null,
    restartMends: restartMends(rule),
    comesFirst: toObstacle(obstacles[0]),
  }
}

function conditionOf({ state, tasks }: Connector): ConnectorSight['condition'] {
  if (state === 'PAUSED' || state === 'STOPPED') return 'held'
  if (state === 'FAILED' || tasks.some(task => task.state === 'FAILED')) return 'failed'
  const isRunning = state === 'RUNNING' && tasks.every(task => task.state === 'RUNNING')
  return isRunning && tasks.length > 0 ? 'runs' : 'unsure'
}

function failedPart({ state, tasks }: Connector): string {
  const failed = tasks.filter(task => task.state === 'FAILED').map(({ id }) => id)
  if (failed.length > 0) return `${failed.length === 1 ? 'task' : 'tasks'} ${failed.join(', ')}`
  return state === 'FAILED' ? 'the connector itself' : ''
}

/** Whose cause it is stands before it already. */
function causeOf(connector: Connector, hop: HopReport | undefined): string {
  return (hop?.cause ?? failureOf(connector)?.split('\n')[0] ?? '').replace(/^.*? FAILED: /, '')
}

function toObstacle(hop: HopReport | undefined): Obstacle | undefined {
  return (
    hop && {
      rule: hop.rule ?? hop.hop,
      cause: hop.cause ?? `the ${hop.hop} is ${hop.state}`,
      command: hop.command,
    }
  )
}
