import type { ConnectorConfig } from '../../connect/connect-api.ts'
import type { LocatedNode, Place } from '../../topology/located-node.ts'
import type { DeclaredState } from '../declared-connector.ts'
import type { DeclaredTopic } from '../declared-topic.ts'
import type { AddProblem } from '../input-problems.ts'

/** A connector as its document has it; the name may still come from elsewhere. */
export interface Draft {
  readonly name: string | undefined
  readonly config: ConnectorConfig
  readonly state: DeclaredState | undefined
  readonly place: Place
}

export interface TopicDraft extends Omit<DeclaredTopic, 'origin'> {
  readonly place: Place
}

export interface ShapeContext {
  readonly add: AddProblem
  /** What is left out, and that nobody should miss. */
  note(place: Place, sentence: string): void
  /** The same, where one sentence would come again with each resource. */
  noteOnce(place: Place, sentence: string): void
  /** Takes a topic that stands among the connectors. */
  topic(draft: TopicDraft): void
  /** Reads a member of a document that holds several. */
  readNested(node: LocatedNode): readonly Draft[]
}

/** One way in which the world writes connectors down. */
export interface Shape {
  /** As the sentence says it that lists what is accepted; undefined for what is only skipped. */
  readonly accepted: string | undefined
  matches(node: LocatedNode): boolean
  read(node: LocatedNode, context: ShapeContext): readonly Draft[]
}
