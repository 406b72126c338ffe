import { TribError } from '../../errors/trib-error.ts'
import type { ConnectClient } from '../connect-api.ts'
import * as schemas from '../connect-schemas.ts'
import type { Connection } from '../send-to-worker.ts'
import { unknownPlugin } from '../unknown-plugin.ts'

export function workersOf({ send, url }: Connection) {
  const plugins: ConnectClient['plugins'] = ({ connectorsOnly }) =>
    send(
      {
        method: 'GET',
        path: `/connector-plugins?connectorsOnly=${connectorsOnly}`,
        what: 'list the plugins',
      },
      schemas.pluginsSchema,
    )
  return {
    cluster: () => send({ method: 'GET', path: '/', what: 'ask for the version' }, schemas.clusterSchema),
    loggers: () =>
      send({ method: 'GET', path: '/admin/loggers', what: 'list the loggers' }, schemas.loggersSchema),
    setLogLevel: (logger, level, scope) =>
      send(
        {
          method: 'PUT',
          path: `/admin/loggers/${encodeURIComponent(logger)}?scope=${scope}`,
          body: { level },
          what: `set the level of ${logger}`,
          about: { logLevel: level },
        },
        schemas.touchedSchema,
      ),
    plugins,
    pluginKeys: async pluginClass => {
      const path = `/connector-plugins/${encodeURIComponent(pluginClass)}/config`
      try {
        return await send(
          { method: 'GET', path, what: `read the keys of ${pluginClass}` },
          schemas.keysSchema,
        )
      } catch (error) {
        if (!(error instanceof TribError && /Unknown plugin/.test(error.message))) throw error
        const known = await plugins({ connectorsOnly: false })
        throw unknownPlugin(
          pluginClass,
          known.map(plugin => plugin.class),
          url,
        )
      }
    },
  } satisfies Partial<ConnectClient>
}
