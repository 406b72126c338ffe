import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../support/trib.ts'
import type { Thirds, Verdict } from './judge-soak.ts'

export interface Soak {
  readonly minutes: number
  readonly rowsPerSecond: number
  readonly rows: number
  readonly verdict: Verdict
}

/** As Markdown: what a person reads of it. */
export function tableOf({ minutes, rowsPerSecond, rows, verdict }: Soak): string {
  const { memory, p50, p99, mostSlotLag } = verdict
  const line =
    (unit: string) =>
    ({ name, of }: Thirds) =>
      `| ${name} | ${of.join(' | ')} | ${unit} |`
  return [
    `${minutes} minutes at ${rowsPerSecond} rows/s, ${rows.toLocaleString('en')} in all; a slot held back at most ${mostSlotLag} MB.`,
    'Medians of the first, second and last third of the time:',
    '',
    '| | first | second | last | |',
    '| --- | --- | --- | --- | --- |',
    ...memory.map(line('MB')),
    ...[p50, p99].map(line('ms')),
    '',
  ].join('\n')
}

export function keepSoak(soak: Soak): void {
  const folder = join(root, 'test', 'soak', 'results')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `soak-${soak.minutes}.md`), tableOf(soak))
}
