import * as z from 'zod'
import { type Answer, type Call, infoOf, type Routes, refuse, statusOf } from './answers.ts'
import type { FakeConnector, State } from './cluster.ts'
import { findConnectorPlugin } from './plugins.ts'
import { unknownConnectorClass, validateConfig } from './validate-config.ts'

const configSchema = z.record(z.string(), z.string())
const creationSchema = z.object({
  name: z.string(),
  config: configSchema,
  initial_state: z.enum(['RUNNING', 'PAUSED', 'STOPPED']).optional(),
})

/** Configs and states: what changes a connector. */
export const changingRoutes: Routes = {
  'POST /connectors': ({ cluster, body }) => {
    const { name, config, initial_state } = creationSchema.parse(body)
    const no = objection(name, config)
    if (no) return no
    if (cluster.find(name)) return refuse(409, `Connector ${name} already exists`)
    cluster.put(name, config, initial_state)
    return { status: 201, body: { name, config: { ...config, name }, tasks: [] } }
  },
  'PUT /connectors/{name}/config': ({ cluster, name, body }) => {
    const config = configSchema.parse(body)
    const no = objection(name, config)
    if (no) return no
    const status = cluster.find(name) ? 200 : 201
    cluster.put(name, config)
    const connector = cluster.find(name)
    return { status, body: connector && infoOf(connector) }
  },
  'PATCH /connectors/{name}/config': ({ cluster, name, body }) => {
    const present = cluster.find(name)
    if (!present) return refuse(404, `Connector ${name} not found`)
    const patch = z.record(z.string(), z.string().nullable()).parse(body)
    const config = configSchema.parse(
      Object.fromEntries(
        Object.entries({ ...present.config, ...patch }).filter(([, value]) => value !== null),
      ),
    )
    const no = objection(name, config)
    if (no) return no
    cluster.put(name, config)
    return { status: 200, body: infoOf(present) }
  },
  'PUT /connector-plugins/{name}/config/validate': ({ name, body }) => {
    const config = configSchema.parse(body)
    const wanted = config['connector.class']
    const prefix = 'org.apache.kafka.connect.runtime.rest.errors.BadRequestException: '
    if (wanted === undefined)
      return refuse(500, `${prefix}Connector config {name=${config['name']}} contains no connector type`)
    if (findConnectorPlugin(wanted) !== findConnectorPlugin(name))
      return refuse(400, `Included connector type ${wanted} does not match request type ${name}`)
    if (!findConnectorPlugin(wanted)) return refuse(500, prefix + unknownConnectorClass(wanted))
    const configs = validateConfig(config)
    const error_count = configs.reduce((sum, { value }) => sum + value.errors.length, 0)
    return { status: 200, body: { name: wanted, error_count, groups: [], configs } }
  },
  'PUT /connectors/{name}/pause': call => steer(call, { target: 'PAUSED', status: 202 }),
  'PUT /connectors/{name}/resume': call => steer(call, { target: 'RUNNING', status: 202 }),
  'PUT /connectors/{name}/stop': call => steer(call, { target: 'STOPPED', status: 204 }),
  'DELETE /connectors/{name}': ({ cluster, name }) => {
    const present = cluster.find(name)
    if (!present) return refuse(404, `Connector ${name} not found`)
    cluster.delete(present)
    return { status: 204 }
  },
  'POST /connectors/{name}/restart': ({ cluster, name, query, workerId }) => {
    const present = cluster.find(name)
    if (!present) return refuse(404, `Unknown connector: ${name}`)
    const includeTasks = query.get('includeTasks') === 'true'
    const onlyFailed = query.get('onlyFailed') === 'true'
    const isChosen = (state: string | undefined) => !onlyFailed || state === 'FAILED'
    const tasks = present.tasks.flatMap(({ state }, id) => (includeTasks && isChosen(state) ? [id] : []))
    const plan = { connector: isChosen(present.state?.state), tasks }
    const answer = statusOf(planned(present, plan), workerId)
    cluster.restart(present, plan)
    return includeTasks || onlyFailed ? { status: 202, body: answer } : { status: 204 }
  },
  'POST /connectors/{name}/tasks/{task}/restart': ({ cluster, name, task }) => {
    const present = cluster.find(name)
    if (!present) return refuse(404, `Unknown connector: ${name}`)
    if (!present.tasks[task]) return refuse(404, `Unknown task: ${name}-${task}`)
    cluster.restart(present, { connector: false, tasks: [task] })
    return { status: 204 }
  },
}

function steer(
  { cluster, name }: Call,
  { target, status }: { readonly target: State; readonly status: number },
): Answer {
  const present = cluster.find(name)
  if (!present) return refuse(404, `Unknown connector ${name}`)
  cluster.setTarget(present, target)
  return { status }
}

/** As it will be: what a restart is going to touch is RESTARTING in its answer, before it is. */
function planned(
  connector: FakeConnector,
  plan: { readonly connector: boolean; readonly tasks: readonly number[] },
): FakeConnector {
  return {
    ...connector,
    ...(plan.connector ? { state: { state: 'RESTARTING' } } : {}),
    tasks: connector.tasks.map((task, id) => (plan.tasks.includes(id) ? { state: 'RESTARTING' } : task)),
  }
}

function objection(name: string, config: Readonly<Record<string, string>>): Answer | undefined {
  const wanted = config['connector.class']
  if (config['name'] !== undefined && config['name'] !== name)
    return refuse(
      400,
      `Connector name configuration (${config['name']}) doesn't match connector name in the URL (${name})`,
    )
  if (wanted === undefined) {
    const entries = Object.entries({ name, ...config }).map(([key, value]) => `${key}=${value}`)
    return refuse(400, `Connector config {${entries.join(', ')}} contains no connector type`)
  }
  if (!findConnectorPlugin(wanted))
    return refuse(400, `org.apache.kafka.connect.errors.ConnectException: ${unknownConnectorClass(wanted)}`)
  const errors = validateConfig({ ...config, name }).flatMap(({ value }) => value.errors)
  if (errors.length === 0) return undefined
  return refuse(
    400,
    `Connector configuration is invalid and contains the following ${errors.length} error(s):\n${errors.join('\n')}\n` +
      'You can also find the above list of errors at the endpoint `/connector-plugins/{connectorType}/config/validate`',
  )
}
