import { named } from '../../output/shell-words.ts'
import { bringUp } from '../commands-to-paste.ts'
import { heartbeatOf } from '../heartbeat.ts'
import type { Sight } from '../sight.ts'
import type { Cluster } from '../snapshot.ts'
import { readOf } from '../unread.ts'
import { duration } from '../words.ts'
import { capturedOf } from './places.ts'
import type { Rule } from './rule.ts'
import { withRepair } from './snapshot-anew.ts'

export const topicRules: readonly Rule[] = [
  {
    id: 'kafka-not-in-context',
    hop: 'topic',
    find: ({ topics }) =>
      topics.kind === 'missing'
        ? { state: 'unknown', cause: topics.reason, command: topics.command }
        : undefined,
  },
  {
    id: 'kafka-down',
    hop: 'topic',
    find: ({ topics, cluster }) =>
      topics.kind === 'unreachable'
        ? { state: 'failed', cause: topics.reason, command: reachAgain(topics.command, cluster) }
        : undefined,
  },
  {
    id: 'kafka-refuses',
    hop: 'topic',
    find: ({ topics }) =>
      topics.kind === 'refused'
        ? { state: 'unknown', cause: topics.reason, command: topics.command }
        : undefined,
  },
  {
    id: 'topic-missing',
    hop: 'topic',
    find: sight => {
      const missing = missingTopics(sight)
      if (missing.length === 0) return undefined
      const { source, sink, cluster } = sight
      const who = source ? `${source.name} writes to` : `${sink?.name} reads`
      return {
        state: 'failed',
        cause: `${who} ${missing.join(', ')}, which ${missing.length === 1 ? 'does' : 'do'} not exist`,
        command:
          cluster.kind === 'local'
            ? 'npx trib up'
            : `npx trib get topics ${named(source?.name ?? sink?.name)}`,
      }
    },
  },
  {
    id: 'topic-without-source',
    hop: 'topic',
    find: sight => {
      const { source, sink, topics, pipeline } = sight
      if (source || !sink || pipeline.tables.length === 0) return undefined
      const seen = readOf(topics)
      // What has records is written by somebody, if not by a connector of this cluster.
      const idle = pipeline.tables.filter(({ topic }) =>
        seen?.[topic]?.partitions.every(({ end }) => end === 0),
      )
      if (idle.length === 0) return undefined
      return {
        state: 'degraded',
        cause: `${sink.name} reads ${idle.map(({ topic }) => topic).join(', ')}, to which no deployed source writes`,
        command: 'npx trib get connectors -o wide',
      }
    },
  },
]

/** What the sink's place among the records says. */
export const lagRules: readonly Rule[] = [
  {
    id: 'no-sink',
    hop: 'sink',
    find: ({ source, sink, pipeline }) =>
      source && !sink && pipeline.tables.length > 0
        ? {
            state: 'degraded',
            cause: `no deployed sink reads what ${source.name} writes (${pipeline.tables.map(({ topic }) => topic).join(', ')})`,
            command: 'npx trib get connectors -o wide',
          }
        : undefined,
  },
  {
    id: 'records-skipped',
    hop: 'sink',
    find: ({ sink, group }) => {
      const count = group?.putAside ?? 0
      if (!sink || count === 0) return undefined
      return {
        state: 'degraded',
        cause: `${count} ${count === 1 ? 'record' : 'records'} that ${sink.name} could not land ${count === 1 ? 'was' : 'were'} put aside, and ${count === 1 ? 'is' : 'are'} not mended yet (npx trib get dlq)`,
        command: `npx trib dlq replay ${named(sink.name)}`,
      }
    },
  },
  {
    id: 'records-expired',
    hop: 'sink',
    find: sight => {
      const { source, sink } = sight
      const gone = expired(sight)
      if (gone.length === 0) return undefined
      const [worst] = gone
      return {
        state: 'failed',
        cause: `${worst?.count} records of ${worst?.topic} were deleted by its retention before ${sink?.name} had read them`,
        command: source
          ? withRepair(sight, `npx trib delete offsets ${named(source.name, '--yes')}`)
          : `npx trib get offsets ${named(sink?.name)}`,
      }
    },
  },
  {
    id: 'lag-near-retention',
    hop: 'sink',
    find: sight => {
      const { group, sink, topics } = sight
      const own = new Set(dataTopics(sight))
      const near = Object.entries(group?.retentionUsed ?? {})
        .filter(([key]) => own.has(key.slice(0, key.lastIndexOf('/'))))
        .sort(([, a], [, b]) => b - a)[0]
      if (!near) return undefined
      const [key, used] = near
      const topic = key.slice(0, key.lastIndexOf('/'))
      const retentionMs = readOf(topics)?.[topic]?.retentionMs ?? 0
      const isHeld = sink?.state === 'PAUSED' || sink?.state === 'STOPPED'
      return {
        state: used >= 0.9 ? 'failed' : 'degraded',
        cause: `the oldest record of ${topic} that ${sink?.name} has not read is older than ${Math.round(used * 100)} % of the ${duration(retentionMs / 1000)} that it is kept${isHeld ? `, as ${sink?.name} is ${sink?.state.toLowerCase()}` : ''}`,
        command: isHeld
          ? `npx trib resume ${named(sink?.name)}`
          : `npx trib restart ${named(sink?.name, '--tasks all')}`,
      }
    },
  },
]

/** A table that never changed has no topic yet; one that a sink names must be there. */
function missingTopics(sight: Sight): readonly string[] {
  const { pipeline, topics, source } = sight
  const seen = readOf(topics)
  if (!seen) return []
  return pipeline.tables
    .filter(table => !seen[table.topic] && (!source || (capturedOf(sight, table)?.changes ?? 0) > 0))
    .map(({ topic }) => topic)
}

/** A heartbeat that expired unread is no loss. */
function dataTopics({ pipeline }: Sight): readonly string[] {
  const heartbeat = heartbeatOf(pipeline)?.topic
  return pipeline.tables.map(({ topic }) => topic).filter(topic => topic !== heartbeat)
}

function expired(sight: Sight): readonly { readonly topic: string; readonly count: number }[] {
  const seen = readOf(sight.topics)
  return dataTopics(sight)
    .map(topic => ({
      topic,
      count: (seen?.[topic]?.partitions ?? []).reduce((sum, { partition, first }) => {
        const next = sight.group?.committed[`${topic}/${partition}`]
        return sum + (next === undefined ? 0 : Math.max(0, first - next))
      }, 0),
    }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count)
}

/** Brokers elsewhere are reached in another way, or by somebody else; those of the stack are started. */
function reachAgain(command: string | undefined, cluster: Cluster): string {
  return cluster.kind === 'local' ? bringUp(cluster) : (command ?? bringUp(cluster))
}
