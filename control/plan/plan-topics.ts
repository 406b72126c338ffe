import { type DeclaredTopic, isThrottle } from '../declared/declared-topic.ts'
import type { LiveTopic } from '../kafka/read-topics.ts'
import type { KeyChange, PlannedChange, Risk } from './planned-change.ts'

/** What leads from the topics that are there to those declared, in declared order; no topic is ever deleted. */
export function planTopics(
  declared: readonly DeclaredTopic[],
  live: readonly LiveTopic[],
): readonly PlannedChange[] {
  const byName = new Map(live.map(topic => [topic.name, topic]))
  return declared.map(wanted => planTopic(wanted, byName.get(wanted.name)))
}

function planTopic(wanted: DeclaredTopic, found: LiveTopic | undefined): PlannedChange {
  const { name } = wanted
  const before = found ? keysOf(found) : new Map<string, string>()
  const after = keysOf(wanted)
  const keys = [...new Set([...before.keys(), ...after.keys()])]
    // What the file does not say of these is left to the brokers, and to whoever moves replicas.
    .filter(key => !(isShape(key) || isThrottle(key)) || after.has(key))
    .filter(key => before.get(key) !== after.get(key))
    .sort()
    .map(key => ({ key, from: before.get(key), to: after.get(key) }))
  const resource = 'topic' as const
  if (!found) return { resource, name, kind: 'create', risk: 'safe', keys, notes: [] }
  if (keys.length === 0) return { resource, name, kind: 'none', risk: 'safe', keys, notes: [] }
  return { resource, name, kind: 'configure', ...riskOf(keys), keys }
}

function keysOf({ partitions, replicas, config }: Omit<LiveTopic | DeclaredTopic, 'origin'>) {
  const counts = Object.entries({ partitions, replicas }).flatMap(([key, count]) =>
    count === undefined ? [] : [[key, String(count)] as const],
  )
  return new Map<string, string>([...counts, ...Object.entries(config)])
}

export const isShape = (key: string): boolean => key === 'partitions' || key === 'replicas'

/** Records that nobody has read yet may go with them. */
const removing = new Set(['retention.ms', 'retention.bytes', 'cleanup.policy', 'delete.retention.ms'])

function riskOf(keys: readonly KeyChange[]): { readonly risk: Risk; readonly notes: readonly string[] } {
  const shapes = keys.filter(({ key }) => isShape(key)).map(({ key }) => key)
  const losing = keys.filter(change => removing.has(change.key) && !isLonger(change)).map(({ key }) => key)
  const notes = [
    ...shapes.map(key => shapeNotes[key] ?? ''),
    ...losing.map(key => `${key}: the brokers may delete records that no sink has read yet`),
  ]
  return { risk: losing.length > 0 ? 'loses-position' : 'safe', notes }
}

const shapeNotes: Readonly<Record<string, string>> = {
  partitions:
    'partitions: not changed from here: a key would go on in another partition, before or after what it wrote to the old one',
  replicas: 'replicas: not changed from here: which brokers hold them is for kafka-reassign-partitions.sh',
}

/** For longer than before, -1 being for ever. */
function isLonger({ key, from, to }: KeyChange): boolean {
  if (!key.startsWith('retention.') || from === undefined || to === undefined) return false
  const [before, after] = [Number(from), Number(to)]
  return after < 0 || (before >= 0 && after >= before)
}
