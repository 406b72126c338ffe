import { expect } from 'vitest'
import type { Ran } from '../support/run-trib.ts'

/** All that a command printed and how it ended, as a text for `toMatchInlineSnapshot`. */
export interface Transcript {
  readonly transcript: string
}

expect.addSnapshotSerializer({
  test: value => typeof value === 'object' && value !== null && 'transcript' in value,
  serialize: ({ transcript }: Transcript) => transcript,
})

/** Standard output as it is, lines of standard error marked, the exit code last. */
export function transcriptOf({ code, stdout, stderr }: Ran, clean: (text: string) => string): Transcript {
  const lines = linesOf(clean(stderr)).map(line => (line === '' ? '!' : `! ${line}`))
  return { transcript: [...linesOf(clean(stdout)), ...lines, `exit ${code}`].join('\n') }
}

function linesOf(text: string): readonly string[] {
  if (text === '') return []
  const lines = text.split('\n')
  const last = lines.pop()
  return last === '' ? lines : [...lines, `${last}\\ no newline`]
}

interface Replaceable {
  readonly connectUrl: string
  readonly topic: string
  readonly folder: string
  /** Of the test's names. */
  readonly suffix: string
}

/** What differs from run to run, by something as long, so that tables stay as wide. */
export function normalise(text: string, { connectUrl, topic, folder, suffix }: Replaceable): string {
  return text
    .replaceAll(new URL(connectUrl).host, '127.0.0.1:8083_')
    .replaceAll(topic, 'topic'.padEnd(topic.length, '_'))
    .replaceAll(folder, '/home')
    .replaceAll(new RegExp(suffix, 'gi'), suffix.replaceAll(/./g, '_'))
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, '2026-01-01T00:00:00.000Z')
    .replaceAll(/\d{8}T\d{9}Z/g, '20260101T000000000Z')
}
