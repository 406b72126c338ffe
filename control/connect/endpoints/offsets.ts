import type { ConnectClient } from '../connect-api.ts'
import * as schemas from '../connect-schemas.ts'
import { unknownConnector } from '../refusal.ts'
import type { Connection } from '../send-to-worker.ts'
import { pathOf } from './connector-path.ts'
import { infoOf } from './reading.ts'

export function offsetsOf({ send }: Connection) {
  const ofConnector = (name: string, what: string) =>
    ({ path: `${pathOf(name)}/offsets`, what: `${what} of ${name}`, about: { connector: name } }) as const
  return {
    offsets: name => send({ method: 'GET', ...ofConnector(name, 'read the offsets') }, schemas.offsetsSchema),
    alterOffsets: (name, offsets) =>
      send(
        { method: 'PATCH', ...ofConnector(name, 'alter the offsets'), body: { offsets } },
        schemas.messageSchema,
      ),
    resetOffsets: name =>
      send({ method: 'DELETE', ...ofConnector(name, 'reset the offsets') }, schemas.messageSchema),
    topics: async name => {
      const path = `${pathOf(name)}/topics`
      const topics = await send(
        { method: 'GET', path, what: `read the topics of ${name}`, about: { connector: name } },
        schemas.topicsSchema,
      )
      // Of a connector that does not exist, Connect gives no topics, too.
      if (topics.length === 0 && !(await infoOf(send, name))) throw unknownConnector(name)
      return topics
    },
  } satisfies Partial<ConnectClient>
}
