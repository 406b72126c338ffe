import { TribError } from '../errors/trib-error.ts'
import { moodle } from '../scenarios/moodle.ts'
import { findService, type Session } from '../stack/session.ts'
import { webLogins } from '../stack/web-logins.ts'
import { readDeclaration } from './declaration.ts'
import { createMetabaseClient } from './metabase-client.ts'
import { provisionMetabase } from './provision-metabase.ts'

export interface ProvisionedStack {
  readonly changes: readonly string[]
  /** The dashboard, which loads its answers anew every minute. */
  readonly url: string
}

const refreshSeconds = 60

/** Brings the stack's Metabase to what `analytics/` declares. */
export async function provisionStack(session: Session, signal: AbortSignal): Promise<ProvisionedStack> {
  const { stack, topology, engine, settings } = session
  if (topology.inactive.includes('metabase'))
    throw new TribError('STACK_NOT_RUNNING', 'metabase is not started: it belongs to the profile bi', {
      hint: 'npm run up -- --profile bi',
    })
  const service = findService(topology, 'metabase')
  const state = (await engine.status()).find(one => one.service === service.name)
  if (state?.state !== 'healthy')
    throw new TribError(
      'STACK_NOT_RUNNING',
      `metabase is ${state?.state ?? 'stopped'}${state?.detail ? ` (${state.detail})` : ''}`,
      { hint: 'npx trib status' },
    )
  const [port] = service.ports
  const url = `http://${port?.host}:${port?.port}`
  const { user = '', passwordVariable = '' } = webLogins['metabase'] ?? {}
  const warehouse = findService(topology, 'warehouse')
  const { changes, dashboardId } = await provisionMetabase(createMetabaseClient({ url, signal }), {
    declaration: readDeclaration(stack.root, moodle.name),
    login: { email: user, password: settings.get(passwordVariable) ?? '' },
    warehouse: {
      // As Metabase sees it from its container.
      host: service.environment['WAREHOUSE_HOST'] ?? '',
      port: Number(service.environment['WAREHOUSE_PORT']),
      dbname: warehouse.environment['POSTGRES_DB'] ?? '',
      user: 'dashboard',
      password: settings.get('WAREHOUSE_DASHBOARD_PASSWORD') ?? '',
    },
  })
  return { changes, url: `${url}/dashboard/${dashboardId}#refresh=${refreshSeconds}` }
}
