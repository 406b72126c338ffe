import { TribError } from '../../errors/trib-error.ts'
import type { ConnectClient, ConnectorConfig } from '../connect-api.ts'
import * as schemas from '../connect-schemas.ts'
import { sameConfig } from '../same-config.ts'
import type { Connection } from '../send-to-worker.ts'
import { pathOf } from './connector-path.ts'
import { readingOf } from './reading.ts'

export function configuringOf(connection: Connection) {
  const { send } = connection
  return {
    create: async (name, config, initialState) => {
      let isAnswerLost = false
      const request = {
        method: 'POST',
        path: '/connectors',
        body: { name, config, ...(initialState ? { initial_state: initialState } : {}) },
        what: `create ${name}`,
        about: { connector: name, pluginClass: config['connector.class'] },
        onAnswerLost: () => {
          isAnswerLost = true
        },
      } as const
      try {
        await send(request, schemas.nothingSchema)
      } catch (error) {
        const mayBeOurs = isAnswerLost && error instanceof TribError && error.code === 'CONNECTOR_EXISTS'
        const live = mayBeOurs ? await readingOf(connection).config(name) : undefined
        if (!live || !sameConfig(live, config)) throw error
      }
    },
    putConfig: (name, config) =>
      send(
        {
          method: 'PUT',
          path: `${pathOf(name)}/config`,
          body: config,
          what: `configure ${name}`,
          about: { connector: name, pluginClass: config['connector.class'] },
        },
        schemas.nothingSchema,
      ),
    patchConfig: (name, patch) =>
      send(
        {
          method: 'PATCH',
          path: `${pathOf(name)}/config`,
          body: patch,
          what: `change the config of ${name}`,
          about: { connector: name, pluginClass: patch['connector.class'] ?? undefined },
        },
        schemas.nothingSchema,
      ),
    validate: async config => {
      const pluginClass = pluginClassOf(config)
      return send(
        {
          method: 'PUT',
          path: `/connector-plugins/${encodeURIComponent(pluginClass)}/config/validate`,
          body: config,
          what: `validate ${config.name}`,
          about: { pluginClass },
        },
        schemas.findingsSchema,
      )
    },
  } satisfies Partial<ConnectClient>
}

function pluginClassOf(config: ConnectorConfig): string {
  const pluginClass = config['connector.class']
  if (pluginClass) return pluginClass
  throw new TribError('CONFIG_INVALID', `the config of '${config['name']}' has no connector.class`, {
    hint: 'npx trib get plugins',
  })
}
