import { infoOf, type Routes, refuse, statusOf } from './answers.ts'
import { changingRoutes } from './changing-routes.ts'
import { offsetRoutes } from './offset-routes.ts'
import { connectorPlugins, findPlugin, keysOf, plugins } from './plugins.ts'

const levels = ['OFF', 'FATAL', 'ERROR', 'WARN', 'INFO', 'DEBUG', 'TRACE']

export const routes: Routes = {
  'GET /': () => ({
    status: 200,
    body: { version: '4.3.1', commit: '26b251a451ce941d', kafka_cluster_id: '4S4UuMjKN5v4ByBuU2bPmA' },
  }),
  'GET /connectors': ({ cluster, query, workerId }) => {
    const present = [...cluster.connectors.values()].filter(({ isDeleted }) => !isDeleted)
    const expand = query.getAll('expand')
    if (expand.length === 0) return { status: 200, body: present.map(({ name }) => name) }
    const expanded = present.map(one => [
      one.name,
      {
        ...(expand.includes('info') ? { info: infoOf(one) } : {}),
        ...(expand.includes('status') && one.state ? { status: statusOf(one, workerId) } : {}),
      },
    ])
    return { status: 200, body: Object.fromEntries(expanded) }
  },
  'GET /connectors/{name}': ({ cluster, name }) => {
    const found = cluster.find(name)
    return found ? { status: 200, body: infoOf(found) } : refuse(404, `Connector ${name} not found`)
  },
  'GET /connectors/{name}/config': ({ cluster, name }) => {
    const found = cluster.find(name)
    return found ? { status: 200, body: found.config } : refuse(404, `Connector ${name} not found`)
  },
  // A deleted connector keeps its state for a moment, a new one has none yet.
  'GET /connectors/{name}/status': ({ cluster, name, workerId }) => {
    const found = cluster.connectors.get(name)
    if (!found?.state) return refuse(404, `No status found for connector ${name}`)
    return { status: 200, body: statusOf(found, workerId) }
  },
  'GET /connectors/{name}/topics': ({ cluster, name }) => {
    const found = cluster.find(name)
    const topics =
      found && found.tasks.length > 0 ? (found.config['topics'] ?? '').split(',').filter(Boolean) : []
    return { status: 200, body: { [name]: { topics } } }
  },
  'GET /connector-plugins': ({ query }) => ({
    status: 200,
    body: query.get('connectorsOnly') === 'false' ? plugins : connectorPlugins,
  }),
  'GET /connector-plugins/{name}/config': ({ name }) => {
    const plugin = findPlugin(name)
    return plugin ? { status: 200, body: keysOf(plugin) } : refuse(404, `Unknown plugin ${name}.`)
  },
  'GET /admin/loggers': ({ loggers }) => ({
    status: 200,
    body: Object.fromEntries([...loggers].map(([name, level]) => [name, { level, last_modified: null }])),
  }),
  'PUT /admin/loggers/{name}': ({ loggers, name, query, body }) => {
    const level = String((body as { level?: unknown } | undefined)?.level ?? '')
    if (level === '') return refuse(400, "Desired 'level' parameter was not specified in request.")
    if (!levels.includes(level.toUpperCase())) return refuse(404, `invalid log level '${level}'.`)
    const touched = [...loggers.keys()].filter(
      logger => name === 'root' || logger === name || logger.startsWith(`${name}.`),
    )
    for (const logger of touched) loggers.set(logger, level.toUpperCase())
    return query.get('scope') === 'cluster' ? { status: 204 } : { status: 200, body: touched }
  },
  ...changingRoutes,
  ...offsetRoutes,
}
