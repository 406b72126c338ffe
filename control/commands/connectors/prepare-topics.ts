import type { OpenContext } from '../../contexts/open-context.ts'
import type { DeclaredTopic } from '../../declared/declared-topic.ts'
import { TribError } from '../../errors/trib-error.ts'
import type { KafkaAccess } from '../../kafka/open-kafka.ts'
import type { LiveTopic } from '../../kafka/read-topics.ts'
import { planTopics } from '../../plan/plan-topics.ts'
import type { PlannedChange } from '../../plan/planned-change.ts'
import type { Shell } from '../../shell.ts'

export interface PreparedTopics {
  readonly plan: readonly PlannedChange[]
  /** Without those that were left out. */
  readonly topics: readonly DeclaredTopic[]
  /** What the plan was made from. */
  readonly live: readonly LiveTopic[]
  /** undefined: no topic is declared, so that no broker was asked. */
  readonly access: KafkaAccess | undefined
}

/** The plan of the topics that stand among the connectors; where no Kafka is known, they are left out, and told. */
export async function prepareTopics(
  shell: Shell,
  context: OpenContext,
  topics: readonly DeclaredTopic[],
): Promise<PreparedTopics> {
  const access = topics.length === 0 ? undefined : await accessOf(shell, context, topics.length)
  if (!access) return { plan: [], topics: [], live: [], access: undefined }
  const { readTopics } = await import('../../kafka/read-topics.ts')
  const live = await readTopics(access, () => topics.map(({ name }) => name), shell)
  return { plan: planTopics(topics, live), topics, live, access }
}

async function accessOf(shell: Shell, context: OpenContext, count: number): Promise<KafkaAccess | undefined> {
  try {
    return await context.kafka()
  } catch (error) {
    if (!(error instanceof TribError) || error.code !== 'CONTEXT_INCOMPLETE') throw error
    const what = count === 1 ? 'the topic was' : `${count} topics were`
    shell.writeErr(
      `note: ${what} not looked at: ${error.message}\n${error.hint ? `  → ${error.hint}\n` : ''}`,
    )
    return undefined
  }
}
