import { type Admin, ConfigResourceTypes } from 'kafkajs'
import type { DeclaredTopic } from '../declared/declared-topic.ts'
import { TribError } from '../errors/trib-error.ts'
import { kafkaFailure } from '../kafka/kafka-failure.ts'
import { type KafkaAccess, openKafka } from '../kafka/open-kafka.ts'
import type { AppliedChange } from './apply-plan.ts'
import { isShape } from './plan-topics.ts'
import type { PlannedChange } from './planned-change.ts'

interface ChangeOptions {
  readonly declared: readonly DeclaredTopic[]
  readonly signal: AbortSignal
  readonly onApplied: (change: AppliedChange) => void
}

/** Carries out the plan of the topics, one after the other; a failure stops none of the others. */
export async function changeTopics(
  access: KafkaAccess,
  plan: readonly PlannedChange[],
  { declared, signal, onApplied }: ChangeOptions,
): Promise<readonly AppliedChange[]> {
  const admin = openKafka(access).admin()
  const applied: AppliedChange[] = []
  try {
    if (plan.some(({ kind }) => kind !== 'none')) await admin.connect()
    for (const change of plan) {
      const { name, kind } = change
      const wanted = signal.aborted ? undefined : declared.find(one => one.name === name)
      const error = wanted && (await attempt(admin, { change, wanted, access }))
      const reached = error ? 'failed' : kind === 'none' ? 'unchanged' : 'done'
      const result = { name, kind, outcome: wanted ? reached : 'not-begun', error } as const
      applied.push(result)
      onApplied(result)
    }
    return applied
  } catch (error) {
    throw await kafkaFailure(error, access)
  } finally {
    await admin.disconnect()
  }
}

interface Attempt {
  readonly change: PlannedChange
  readonly wanted: DeclaredTopic
  readonly access: KafkaAccess
}

async function attempt(admin: Admin, { change, wanted, access }: Attempt): Promise<TribError | undefined> {
  try {
    if (change.kind === 'create') await create(admin, wanted)
    if (change.kind === 'configure') {
      await configure(admin, change, wanted)
      const shape = change.keys.find(({ key }) => isShape(key))
      if (shape) return refusedShape(wanted.name, shape, access)
    }
    return undefined
  } catch (error) {
    return kafkaFailure(error, access, `the topic ${wanted.name} could not be ${change.kind}d`)
  }
}

async function create(admin: Admin, { name, partitions, replicas, config }: DeclaredTopic): Promise<void> {
  // -1: as the brokers have it by default. Not waitForLeaders: it fails where a broker has not heard of it yet.
  await admin.createTopics({
    waitForLeaders: false,
    topics: [
      {
        topic: name,
        numPartitions: partitions ?? -1,
        replicationFactor: replicas ?? -1,
        configEntries: toEntries(config),
      },
    ],
  })
}

/** The request replaces all that the topic has, which is what the file says. */
async function configure(admin: Admin, { keys }: PlannedChange, { name, config }: DeclaredTopic) {
  if (keys.every(({ key }) => isShape(key))) return
  await admin.alterConfigs({
    validateOnly: false,
    resources: [{ type: ConfigResourceTypes.TOPIC, name, configEntries: toEntries(config) }],
  })
}

function refusedShape(topic: string, { key, from, to }: PlannedChange['keys'][number], access: KafkaAccess) {
  const bootstrap = access.brokers.join(',')
  return new TribError(
    'KAFKA_FAILED',
    `the topic ${topic} has ${from} ${from === '1' ? key.slice(0, -1) : key}, and ${to} are declared`,
    {
      hint:
        key === 'partitions'
          ? `kafka-topics.sh --bootstrap-server ${bootstrap} --alter --topic '${topic}' --partitions ${to}`
          : `kafka-reassign-partitions.sh --bootstrap-server ${bootstrap} --reassignment-json-file FILE --execute`,
    },
  )
}

function toEntries(config: Readonly<Record<string, string>>) {
  return Object.entries(config).map(([name, value]) => ({ name, value }))
}
