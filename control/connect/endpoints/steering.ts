import { type AwaitOptions, untilGone, untilState, untilTakenUp } from '../await-state.ts'
import type { ConnectClient } from '../connect-api.ts'
import * as schemas from '../connect-schemas.ts'
import type { Connection } from '../send-to-worker.ts'
import { pathOf, unlessUnknown } from './connector-path.ts'
import { infoOf, readingOf, recordedStatus } from './reading.ts'

export function steeringOf(connection: Connection, waiting: AwaitOptions) {
  const { send } = connection
  const status = (name: string) => () => readingOf(connection).status(name)
  const steer = async (
    name: string,
    verb: 'pause' | 'resume' | 'stop',
    wanted: 'paused' | 'resumed' | 'stopped',
  ) => {
    const path = `${pathOf(name)}/${verb}`
    await send(
      { method: 'PUT', path, what: `${verb} ${name}`, about: { connector: name } },
      schemas.nothingSchema,
    )
    await untilState(name, wanted, { ...waiting, status: status(name) })
  }
  return {
    pause: name => steer(name, 'pause', 'paused'),
    resume: name => steer(name, 'resume', 'resumed'),
    stop: name => steer(name, 'stop', 'stopped'),
    restart: async (name, { includeTasks, onlyFailed }) => {
      const path = `${pathOf(name)}/restart?includeTasks=${includeTasks}&onlyFailed=${onlyFailed}`
      const plan = await send(
        { method: 'POST', path, what: `restart ${name}`, about: { connector: name } },
        schemas.restartSchema,
      )
      const tasks = plan?.tasks.filter(({ state }) => state === 'RESTARTING').map(({ id }) => id) ?? []
      const hasConnector = plan === undefined || plan.state === 'RESTARTING'
      await untilTakenUp({ tasks, hasConnector }, { ...waiting, status: status(name) })
    },
    restartTask: async (name, task) => {
      const path = `${pathOf(name)}/tasks/${task}/restart`
      const about = { connector: name, task }
      await send(
        { method: 'POST', path, what: `restart task ${task} of ${name}`, about },
        schemas.nothingSchema,
      )
      await untilTakenUp({ tasks: [task], hasConnector: false }, { ...waiting, status: status(name) })
    },
    delete: async name => {
      const request = {
        method: 'DELETE',
        path: pathOf(name),
        what: `delete ${name}`,
        about: { connector: name },
      } as const
      await unlessUnknown(send(request, schemas.nothingSchema))
      const look = async () =>
        (await infoOf(send, name)) ? 'its config' : (await recordedStatus(send, name)) && 'its state'
      await untilGone(name, { ...waiting, look })
    },
  } satisfies Partial<ConnectClient>
}
