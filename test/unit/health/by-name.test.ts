import { expect, it } from 'vitest'
import { byName } from '../../../control/health/by-name.ts'
import { judge } from '../../../control/health/judge.ts'
import { read, sink, snapshotOf, source } from './snapshots.ts'

it('finds what was put in, whatever it is called, and nothing else', () => {
  const found = byName([
    ['__proto__', 1],
    ['shop', 2],
  ])

  expect(Object.entries(found)).toEqual([
    ['__proto__', 1],
    ['shop', 2],
  ])
  expect(['constructor', 'toString', 'hasOwnProperty'].map(name => found[name])).toEqual(
    Array(3).fill(undefined),
  )
})

it.each(['__proto__', 'constructor', 'toString'])('connectors called %s are judged like others', name => {
  const connectors = read([
    { ...source, name },
    { ...sink, name: `${name} sink` },
  ])
  const unseen = { databases: byName<never>(), warehouses: byName<never>(), groups: read(byName<never>()) }

  const { pipelines } = judge({ ...snapshotOf({ connectors }), ...unseen, topics: read(byName<never>()) })

  expect(pipelines.map(one => [one.name, one.lagRecords])).toEqual([[name, null]])
})
