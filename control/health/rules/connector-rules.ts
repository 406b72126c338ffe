import type { Connector } from '../../connect/connect-api.ts'
import { failureOf } from '../../connect/failure-of.ts'
import { named } from '../../output/shell-words.ts'
import { inTurn } from '../commands-to-paste.ts'
import type { Sight } from '../sight.ts'
import { traceOf } from './known-trace.ts'
import { changedTypes } from './places.ts'
import type { Finding, Rule } from './rule.ts'
import { knownTraces } from './traces.ts'

type Side = 'source' | 'sink'

/** The same for both ends: a failure that is known, one that is not, and what somebody asked for. */
function connectorRules(side: Side): readonly Rule[] {
  const connectorOf = (sight: Sight) => sight[side]
  const rule = (id: string, find: (connector: Connector, sight: Sight) => Finding | undefined): Rule => ({
    id,
    hop: side,
    find: sight => {
      const connector = connectorOf(sight)
      return connector && find(connector, sight)
    },
  })
  const traces = knownTraces
    .filter(known => known.side === undefined || known.side === side)
    .map(known =>
      rule(known.id, (connector, sight) => {
        const match = failureOf(connector) === undefined ? null : known.pattern.exec(traceOf(connector))
        if (!match) return undefined
        const about = { sight, connector, side }
        const cause = `${failedPart(connector)}: ${known.cause(match, about)}`
        return { state: 'failed', cause, command: known.command(match, about) }
      }),
    )
  return [
    ...traces,
    rule('task-failed', connector => {
      const failure = failureOf(connector)
      if (failure === undefined) return undefined
      const cause = `${failedPart(connector)}: ${failure.split('\n')[0]}`
      return { state: 'failed', cause, command: `npx trib restart ${named(connector.name)}` }
    }),
    rule('paused', (connector, sight) => {
      const changed = side === 'sink' ? changedTypes(sight) : []
      const found = held(connector, 'PAUSED', 'is paused: it takes nothing until it is resumed')
      if (!found || changed.length === 0) return found
      // Resumed as it is, it may round: the follower looks first, and stops where a person must decide.
      const cause = `${connector.name} is paused, and ${changed.join(', ')} is of another type than the warehouse was made for`
      return { ...found, cause, command: inTurn('npx trib follow --once', found.command) }
    }),
    rule('stopped', connector =>
      held(connector, 'STOPPED', 'is stopped: it takes nothing until it is resumed'),
    ),
    rule('no-task', connector =>
      connector.state === 'RUNNING' && connector.tasks.length === 0
        ? {
            state: 'degraded',
            cause: `${connector.name} is RUNNING, but has no task that does the work`,
            command: `npx trib restart ${named(connector.name, '--tasks all')}`,
          }
        : undefined,
    ),
    rule('not-running-yet', connector => {
      const states = [connector.state, ...connector.tasks.map(({ state }) => state)]
      const odd = states.find(state => state === 'UNASSIGNED' || state === 'RESTARTING')
      if (odd === undefined) return undefined
      const cause = `${connector.name} is ${odd}: a worker left, or its work is being handed out anew`
      return { state: 'degraded', cause, command: `npx trib describe connector ${named(connector.name)}` }
    }),
  ]
}

function held({ name, state }: Connector, wanted: string, words: string): Finding | undefined {
  return state === wanted
    ? { state: 'degraded', cause: `${name} ${words}`, command: `npx trib resume ${named(name)}` }
    : undefined
}

/** What looks healthy in every other list: a connector that is RUNNING while its task is not. */
function failedPart({ name, state, tasks }: Connector): string {
  const failed = tasks.filter(task => task.state === 'FAILED').map(({ id }) => id)
  if (failed.length === 0) return `${name} FAILED`
  const which = failed.length === 1 ? `task ${failed[0]}` : `tasks ${failed.join(', ')}`
  return state === 'RUNNING' ? `${name} is RUNNING, but its ${which} FAILED` : `${which} of ${name} FAILED`
}

export const sourceRules: readonly Rule[] = connectorRules('source')
export const sinkRules: readonly Rule[] = connectorRules('sink')
