import type { ConnectClient, ConnectorStatus } from '../connect-api.ts'
import * as schemas from '../connect-schemas.ts'
import type { Connection } from '../send-to-worker.ts'
import { pathOf, unlessUnknown } from './connector-path.ts'

export function readingOf({ send }: Connection) {
  return {
    list: () =>
      send(
        { method: 'GET', path: '/connectors?expand=info&expand=status', what: 'list the connectors' },
        schemas.listSchema,
      ),
    config: (name: string) =>
      unlessUnknown(
        send(
          {
            method: 'GET',
            path: `${pathOf(name)}/config`,
            what: `read the config of ${name}`,
            about: { connector: name },
          },
          schemas.configSchema,
        ),
      ),
    status: async (name: string): Promise<ConnectorStatus | undefined> =>
      (await recordedStatus(send, name)) ?? (await infoOf(send, name)),
  } satisfies Partial<ConnectClient>
}

export function recordedStatus(send: Connection['send'], name: string) {
  const path = `${pathOf(name)}/status`
  const request = {
    method: 'GET',
    path,
    what: `read the state of ${name}`,
    about: { connector: name },
  } as const
  return unlessUnknown(send(request, schemas.statusSchema))
}

/** A connector that was just created has no state yet, which alone would look like no connector at all. */
export async function infoOf(send: Connection['send'], name: string): Promise<ConnectorStatus | undefined> {
  const request = {
    method: 'GET',
    path: pathOf(name),
    what: `read ${name}`,
    about: { connector: name },
  } as const
  const info = await unlessUnknown(send(request, schemas.infoSchema))
  return info && schemas.withoutState(info)
}
