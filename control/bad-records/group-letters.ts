import type { ConnectorConfig } from '../connect/connect-api.ts'
import type { DeadLetter } from './dead-letters.ts'
import { hasSchema, shownPayload } from './decode-record.ts'

export interface LetterGroup {
  readonly connector: string
  readonly topic: string
  readonly stage: string
  /** The first of them; the others differ in their values only. */
  readonly cause: string
  readonly records: number
  /** Not mended yet. */
  readonly open: number
  readonly letters: readonly ShownLetter[]
}

interface ShownLetter {
  readonly at: string
  readonly putAside: string
  readonly key: unknown
  readonly value: unknown
  readonly cause: string
  readonly isMended: boolean
}

/** Values differ from record to record, what is wrong with them does not. */
const withoutValues = (cause: string) => cause.replace(/"[^"]*"|'[^']*'|\([^()]*\)|\d+/g, '…')

/** By where, at which step and why; the group with the most that are not mended first. Pure. */
export function groupLetters(
  sink: { readonly name: string; readonly config: ConnectorConfig },
  letters: readonly DeadLetter[],
): readonly LetterGroup[] {
  const groups = new Map<string, DeadLetter[]>()
  for (const letter of letters) {
    const key = JSON.stringify([letter.topic, letter.stage, withoutValues(letter.cause)])
    groups.set(key, [...(groups.get(key) ?? []), letter])
  }
  return [...groups.values()]
    .map(those => ({
      ...{ connector: sink.name, topic: those[0]?.topic ?? '?', stage: those[0]?.stage ?? '?' },
      ...{ cause: those[0]?.cause ?? '?', records: those.length },
      open: those.filter(({ isMended }) => !isMended).length,
      letters: those.map(letter => shown(sink.config, letter)),
    }))
    .sort((a, b) => b.open - a.open || b.records - a.records)
}

function shown(config: ConnectorConfig, letter: DeadLetter): ShownLetter {
  const { topic, partition, offset, putAsideMs, cause, isMended } = letter
  return {
    at: `${topic}/${partition}@${offset}`,
    putAside: new Date(putAsideMs).toISOString(),
    key: shownPayload(letter.key, hasSchema(config, 'key')),
    value: shownPayload(letter.value, hasSchema(config, 'value')),
    ...{ cause, isMended },
  }
}
