import type { ConnectorStatus } from '../connect/connect-api.ts'
import { TribError } from '../errors/trib-error.ts'
import { named } from '../output/shell-words.ts'

/** Why a connector will not move by itself; undefined: it runs, or is about to. Pure. */
export function findStandstill(name: string, status: ConnectorStatus | undefined): TribError | undefined {
  if (!status) {
    return new TribError(
      'CONNECTOR_FAILED',
      `${name} is not deployed any more, so that changes do not arrive`,
      {
        hint: 'npx trib get connectors',
      },
    )
  }
  if (status.state === 'PAUSED' || status.state === 'STOPPED') {
    return new TribError(
      'CONNECTOR_FAILED',
      `${name} is ${status.state}, so that changes do not arrive, and nobody can say whether the rows are on their way`,
      { hint: `npx trib resume ${named(name)}` },
    )
  }
  const failed = [status, ...status.tasks].find(({ state }) => state === 'FAILED')
  if (!failed) return undefined
  const what = failed === status ? name : `a task of ${name}`
  return new TribError(
    'CONNECTOR_FAILED',
    `${what} has FAILED, so that changes do not arrive: ${failed.trace?.split('\n')[0] ?? 'it left no trace'}`,
    { hint: `npx trib restart ${named(name, '--tasks failed')}` },
  )
}
