import { changedKeys } from '../connect/same-config.ts'
import { type DeclaredTopic, isThrottle } from '../declared/declared-topic.ts'
import { TribError } from '../errors/trib-error.ts'
import { type OpenAdmin, openAdmin } from '../kafka/open-admin.ts'
import type { KafkaAccess } from '../kafka/open-kafka.ts'
import type { LiveTopic } from '../kafka/read-topics.ts'
import { makeTopics, readSettings, replaceSettings, type TopicSettings } from '../kafka/topic-settings.ts'
import { shellWord } from '../output/shell-words.ts'
import { type AppliedChange, changedMeanwhile, interrupted } from './apply-plan.ts'
import { isShape } from './plan-topics.ts'
import type { PlannedChange } from './planned-change.ts'

interface ChangeOptions {
  readonly declared: readonly DeclaredTopic[]
  /** What the plan was made from. */
  readonly live: readonly LiveTopic[]
  readonly signal: AbortSignal
  readonly onApplied: (change: AppliedChange) => void
}

/** Carries out the plan of the topics, one after the other; a failure stops none of the others. */
export async function changeTopics(
  access: KafkaAccess,
  plan: readonly PlannedChange[],
  { declared, live, signal, onApplied }: ChangeOptions,
): Promise<readonly AppliedChange[]> {
  await using brokers = openAdmin(access, { signal })
  const applied: AppliedChange[] = []
  for (const change of plan) {
    const { name, kind } = change
    const wanted = signal.aborted ? undefined : declared.find(one => one.name === name)
    const before = live.find(one => one.name === name)
    const error = wanted && (await attempt(brokers, { change, wanted, before, access, signal }))
    const reached = error ? 'failed' : kind === 'none' ? 'unchanged' : 'done'
    const outcome = wanted ? reached : 'not-begun'
    const result = { resource: 'topic', name, kind, outcome, error } as const
    applied.push(result)
    onApplied(result)
  }
  return applied
}

interface Attempt {
  readonly change: PlannedChange
  readonly wanted: DeclaredTopic
  readonly before: LiveTopic | undefined
  readonly access: KafkaAccess
  readonly signal: AbortSignal
}

async function attempt(brokers: OpenAdmin, options: Attempt): Promise<TribError | undefined> {
  const { change, wanted, access, signal } = options
  try {
    if (change.kind === 'create') await create(brokers, wanted)
    if (change.kind !== 'configure') return undefined
    const isOfSettings = change.keys.some(({ key }) => !isShape(key))
    if (isOfSettings) await configure(brokers, wanted, options.before)
    const shape = change.keys.find(({ key }) => isShape(key))
    return shape && refusedShape(wanted.name, shape, access)
  } catch (error) {
    if (signal.aborted) return interrupted(change)
    if (error instanceof TribError) return error
    throw error
  }
}

async function create(brokers: OpenAdmin, wanted: DeclaredTopic): Promise<void> {
  const { name } = wanted
  const isMade = await brokers.ask(
    admin => makeTopics(admin, [wanted]),
    `the topic ${name} could not be created`,
  )
  if (isMade) return
  throw new TribError(
    'KAFKA_FAILED',
    `the topic ${name} is there already: somebody made it meanwhile, or this user may not see it (Describe)`,
    { hint: 'npx trib diff -f FILE shows how it differs, to a user who may see it' },
  )
}

/** Brokers know no "only if unchanged"; looking right before writing leaves milliseconds instead of minutes. */
async function configure(brokers: OpenAdmin, { name, config }: DeclaredTopic, before: LiveTopic | undefined) {
  await brokers.ask(async admin => {
    const now = (await readSettings(admin, [name])).get(name) ?? {}
    const keys = changedKeys(withoutThrottles(before?.config ?? {}), withoutThrottles(now))
    if (keys.length > 0) throw changedMeanwhile(`topic ${name}`, keys)
    const kept = Object.fromEntries(Object.entries(now).filter(([key]) => isThrottle(key)))
    await replaceSettings(admin, [{ name, config: { ...kept, ...config } }])
  }, `the topic ${name} could not be configured`)
}

function withoutThrottles(config: TopicSettings): TopicSettings {
  return Object.fromEntries(Object.entries(config).filter(([key]) => !isThrottle(key)))
}

function refusedShape(topic: string, { key, from, to }: PlannedChange['keys'][number], access: KafkaAccess) {
  const bootstrap = shellWord(access.brokers.join(','))
  return new TribError(
    'KAFKA_FAILED',
    `the topic ${topic} has ${from} ${from === '1' ? key.slice(0, -1) : key}, and ${to} are declared`,
    {
      hint:
        key === 'partitions'
          ? `kafka-topics.sh --bootstrap-server ${bootstrap} --alter --topic ${shellWord(topic)} --partitions ${to}`
          : `kafka-reassign-partitions.sh --bootstrap-server ${bootstrap} --reassignment-json-file FILE --execute`,
    },
  )
}
