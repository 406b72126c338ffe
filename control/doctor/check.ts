import type { Observation } from './finding.ts'
import type { KafkaSubject } from './subjects/kafka-subject.ts'
import type { SinkSubject } from './subjects/sink-subject.ts'
import type { SourceSubject } from './subjects/source-subject.ts'
import type { WorkerSubject } from './subjects/worker-subject.ts'

interface CheckOf<Kind, Subject> {
  /** Stable: scripts and the tests name it. */
  readonly id: string
  /** What it looks for, for `doctor --list`. */
  readonly title: string
  readonly appliesTo: Kind
  run(subject: Subject): Promise<readonly Observation[]>
}

export type SourceCheck = CheckOf<'source', SourceSubject>
export type SinkCheck = CheckOf<'sink', SinkSubject>
export type WorkerCheck = CheckOf<'worker', WorkerSubject>
export type KafkaCheck = CheckOf<'kafka', KafkaSubject>
export type Check = SourceCheck | SinkCheck | WorkerCheck | KafkaCheck
export type CheckKind = Check['appliesTo']
