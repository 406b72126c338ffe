import type { SASLOptions } from 'kafkajs'
import type { KafkaAccess } from '../kafka/open-kafka.ts'
import type { Shell } from '../shell.ts'
import type { Context, ContextTls } from './context.ts'
import { contextLacks } from './context-lacks.ts'
import type { ResolveSecret } from './resolve-secret.ts'
import { readTls } from './tls-files.ts'

interface PartOptions {
  /** The context's name, for messages. */
  readonly name: string
  readonly shell: Shell
  readonly resolve: ResolveSecret
}

/** How a context's brokers are reached, in the words of kafkajs. */
export async function openKafkaPart({ kafka = {} }: Context, options: PartOptions): Promise<KafkaAccess> {
  const { bootstrap, tls, sasl } = kafka
  if (!bootstrap)
    throw contextLacks(options.name, 'does not say where its Kafka is', '--kafka', 'kafka-1.example.org:9092')
  return {
    ...{ brokers: [...bootstrap], context: options.name },
    ...(tls ? { ssl: await readSsl(tls, options) } : {}),
    ...(sasl ? { sasl: await readSasl(sasl, options) } : {}),
  }
}

async function readSsl(tls: ContextTls, { name, shell, resolve }: PartOptions) {
  const files = await readTls(tls, { context: name, part: 'kafka', env: shell.env, resolve })
  // An undefined `ca` would replace the authorities that Node trusts by none.
  return Object.fromEntries(Object.entries(files).filter(([, value]) => value !== undefined))
}

type Sasl = NonNullable<NonNullable<Context['kafka']>['sasl']>

async function readSasl(
  { mechanism, user, password }: Sasl,
  { name, resolve }: PartOptions,
): Promise<SASLOptions> {
  if (!mechanism)
    throw contextLacks(name, 'does not say how it logs in to Kafka', '--kafka-sasl', 'scram-sha-512')
  if (user === undefined)
    throw contextLacks(name, `logs in to Kafka by ${mechanism} but has no user`, '--kafka-user', 'USER')
  if (!password) {
    throw contextLacks(
      name,
      `has the user ${user} for Kafka but no password`,
      '--kafka-password',
      'env:KAFKA_PASSWORD',
    )
  }
  return { mechanism, username: user, password: await resolve(password, 'the password for Kafka') }
}
