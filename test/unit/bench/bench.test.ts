import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ablations, allArms, mainArms } from '../../bench/arms/all-arms.ts'
import type { Arm } from '../../bench/arms/arm.ts'
import { connectorConfigs } from '../../bench/arms/connector-configs.ts'
import { sinkDefaults, sourceDefaults } from '../../bench/arms/defaults.ts'
import { judge } from '../../bench/judge.ts'
import { loadsOf } from '../../bench/loads/all-loads.ts'
import type { Measurement } from '../../bench/measurement.ts'
import { planRuns } from '../../bench/plan-runs.ts'
import { readOptions } from '../../bench/read-options.ts'
import { summarize } from '../../bench/summarize.ts'
import { root } from '../../support/trib.ts'

const names = { id: 'bench_1', tables: ['bench_rows'] }

const shippedFile = (name: string) =>
  JSON.parse(readFileSync(join(root, 'connectors', 'moodle', `${name}.json`), 'utf8'))

function connectorsArm(name: string): Extract<Arm, { kind: 'connectors' }> {
  const arm = allArms.find(one => one.name === name)
  if (arm?.kind !== 'connectors') throw new Error(`no connectors are in ${name}`)
  return arm
}

const keysThatDiffer = (one: Record<string, string>, other: Record<string, string>) =>
  [...new Set([...Object.keys(one), ...Object.keys(other)])].filter(key => one[key] !== other[key]).sort()

const measured = (one: Partial<Measurement>): Measurement => ({
  ...{ load: 'snapshot', arm: 'shipped', round: 1, rows: 1_000_000, seconds: 10 },
  ...{ cpuSeconds: { connect: 12 }, peakMegabytes: { connect: 600, brokers: 900 } },
  ...{ at: '2026-11-26T00:00:00.000Z', commit: 'abc' },
  ...one,
})

test('shipped is what the files say, but for names and tables', async () => {
  const { source, sink } = await connectorConfigs(connectorsArm('shipped'), names)

  expect(keysThatDiffer(source, shippedFile('community-source'))).toEqual([
    ...['name', 'publication.name', 'slot.name', 'table.include.list', 'topic.prefix'],
  ])
  expect(keysThatDiffer(sink, shippedFile('warehouse-sink'))).toEqual(['name', 'topics'])
})

test('defaults set a place, names, and what has a reason', async () => {
  const { source, sink } = await connectorConfigs(connectorsArm('defaults'), names)

  const place =
    /^(database|connection)\.|^(topic\.prefix|slot\.name|publication\.name|table\.include\.list|topics)$/
  const chosen = (config: Record<string, string>) =>
    Object.keys(config)
      .filter(key => !place.test(key))
      .sort()
  expect(chosen(source)).toEqual(sourceDefaults.map(({ key }) => key).sort())
  expect(chosen(sink)).toEqual(sinkDefaults.map(({ key }) => key).sort())
  expect(sink['connection.url']).not.toContain('?')
})

test('each ablation takes away something that is shipped', async () => {
  const shipped = await connectorConfigs(connectorsArm('shipped'), names)
  for (const { name } of ablations) {
    const { source, sink } = await connectorConfigs(connectorsArm(name), names)
    const differing = [...keysThatDiffer(source, shipped.source), ...keysThatDiffer(sink, shipped.sink)]
    expect(differing, name).not.toEqual([])
  }
})

test('each round begins with another arm, and what is done is left out', () => {
  const loads = loadsOf('full').filter(({ name }) => name === 'snapshot')
  const done = [measured({ arm: 'defaults', round: 1 })]

  const runs = planRuns({ loads, arms: mainArms, done })

  expect(runs.map(({ arm, round }) => `${round} ${arm.name}`)).toEqual([
    ...['1 shipped', '1 logical', '2 shipped', '2 logical', '2 defaults'],
    ...['3 logical', '3 defaults', '3 shipped'],
  ])
})

test('a summary compares medians of the same load', () => {
  const summaries = summarize([
    ...[9, 10, 30].map((seconds, at) => measured({ seconds, round: at + 1 })),
    ...[80, 100].map((seconds, at) => measured({ arm: 'defaults', seconds, round: at + 1 })),
    measured({ arm: 'logical', seconds: 2 }),
    measured({ load: 'backlog', arm: 'logical', seconds: 1 }),
  ])

  const shipped = summaries.find(({ arm }) => arm === 'shipped')
  expect(shipped).toMatchObject({ seconds: 10, range: [9, 30], timesDefaults: 9, timesLogical: 5 })
  expect(shipped?.cpuPerMillion).toEqual({ connect: 12 })
})

test('a promise that is not kept is said so', () => {
  const verdicts = judge(
    'full',
    summarize([
      measured({ seconds: 11 }),
      measured({ arm: 'defaults', seconds: 100 }),
      measured({
        load: 'latency at 200/s',
        latencyMs: { p50: 20, p90: 30, p99: 61, max: 70 },
      }),
    ]),
  )

  expect(verdicts.map(({ isMet }) => isMet)).toEqual([false, true, false])
})

test.each([
  [['--load', 'nothing'], /there is no load 'nothing': snapshot, /],
  [['--arm', 'nothing'], /there is no arm 'nothing': defaults, /],
  [['--rounds', 'x'], /--rounds wants a number above 0, not 'x'/],
  [['--setting', 'x'], /--setting wants KEY=VALUE, not 'x'/],
])('%j is refused', (args, sentence) => {
  expect(() => readOptions(args)).toThrow(sentence)
})
