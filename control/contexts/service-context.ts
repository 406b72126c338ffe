import { TribError } from '../errors/trib-error.ts'
import { moodle } from '../scenarios/moodle.ts'
import type { ScenarioDatabase } from '../scenarios/scenario.ts'
import { localContextName } from './context.ts'
import type { OpenContext } from './open-context.ts'

type Settings = Readonly<Record<string, string | undefined>>

/** A broker with the name that people know it by. */
export interface NamedBroker {
  readonly name: string
  readonly address: string
}

/** The role by which a service of the stack looks at its databases. */
const role = 'console'

/**
 * The stack as one of its own services sees it. A container has neither the clone nor the env file: everything
 * stands in its environment, under the names that `docker-compose.yml` gives; natively the same variables are set.
 */
export function openServiceContext(settings: Settings): OpenContext {
  const namesOf = (wanted: ScenarioDatabase['role']) =>
    moodle.databases.filter(database => database.role === wanted).map(({ service }) => service)
  const address = (service: string) => {
    const prefix = service.replaceAll('-', '_').toUpperCase()
    return {
      host: required(settings, `${prefix}_HOST`),
      port: Number(required(settings, `${prefix}_PORT`)),
      user: role,
      password: required(settings, `${prefix}_CONSOLE_PASSWORD`),
      database: service.replaceAll('-', '_'),
    }
  }
  return {
    name: localContextName,
    // The commands that it prints are pasted beside the stack, where `trib sql warehouse` works.
    kind: 'local',
    connect: async () => ({ urls: required(settings, 'CONSOLE_CONNECT_URLS').split(',') }),
    kafka: async () => ({ brokers: namedBrokers(settings).map(broker => broker.address) }),
    sources: async () => namesOf('source'),
    source: async name => address(name),
    warehouse: async () => address(namesOf('warehouse')[0] ?? 'warehouse'),
    stateFolder: '/nonexistent',
    statusHint: 'npx trib up',
  }
}

/** `kafka-1=host:port,kafka-2=…` */
export function namedBrokers(settings: Settings): readonly NamedBroker[] {
  return required(settings, 'CONSOLE_BROKERS')
    .split(',')
    .map(part => {
      const [name = '', address = ''] = part.split('=')
      return { name, address }
    })
}

function required(settings: Settings, name: string): string {
  const value = settings[name]
  if (value) return value
  throw new TribError('USAGE', `${name} is not set: the console does not know where its stack is`, {
    hint: 'npm run up',
  })
}
