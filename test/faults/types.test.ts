import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestStack, eventually, root, type TestStack } from '../support/trib.ts'
import { arrive, openTypedFlow, typesSource } from './types/arrive.ts'
import { acceptedCases, refusedTypes } from './types/cases.ts'
import { type Flow, untilLanded } from './types/flow.ts'
import { type LostValue, lostValues } from './types/lost-values.ts'
import { oddTables } from './types/odd-tables.ts'
import { type Measured, typesPage } from './types/page.ts'
import { typedTable } from './types/typed-rows.ts'

let stack: TestStack
let flow: Flow
const measured: { -readonly [Key in keyof Measured]: Measured[Key] } & {
  types: Measured['types'][number][]
} = {
  types: [],
  tables: [],
  refused: new Map(),
  lost: [],
}

beforeAll(async () => {
  stack = createTestStack({ GENERATOR_HISTORY: '100', GENERATOR_RATE: '0.001' })
  const { code, stderr } = await stack.trib(['up', '--engine', 'native'])
  if (code !== 0) throw new Error(stderr)
  flow = await openTypedFlow(stack)
})

afterAll(async () => {
  await flow?.[Symbol.asyncDispose]()
  await stack?.[Symbol.asyncDispose]()
})

const isExact = (outcome: unknown) => (outcome === 'exact' ? 'exact' : JSON.stringify(outcome))

test('every accepted type, name, key and size arrives exactly, by snapshot and by change', async () => {
  const arrived = await arrive(stack, flow, { cases: acceptedCases, odd: oddTables })
  const config = flow.declared(typesSource)
  const cast = (config['transforms.exact.spec'] ?? '').split(',')
  for (const one of acceptedCases) {
    measured.types.push({
      one,
      snapshot: isExact(arrived.get(one)?.snapshot),
      change: isExact(arrived.get(one)?.change),
      landsAs: await flow.typeInWarehouse(typedTable, one.column),
      remark: cast.some(part => part.startsWith(`${one.column}:`)) ? 'named in the cast' : '',
    })
  }
  measured.tables = oddTables.map(one => ({ one, snapshot: 'exact', change: 'exact' }))
  expect(measured.types.filter(({ snapshot, change }) => snapshot !== 'exact' || change !== 'exact')).toEqual(
    [],
  )
})

test('trib verify agrees', async () => {
  for (const table of [typedTable, 'Names', 'Keys', 'Large']) {
    const { code, stdout, stderr } = await stack.trib(['verify', '--table', `public.${table}`, '-o', 'json'])
    expect({ table, code, stderr, equal: JSON.parse(stdout || '{}').equal }, stdout).toEqual({
      ...{ table, code: 0, stderr: '', equal: true },
    })
  }
})

test('doctor refuses every other type, and a generated column, with the reason and what to do', async () => {
  const columns = refusedTypes.map((type, index) => `r${index} ${type}`)
  await flow.source.query(
    `create table "Refused" (id int primary key, ${columns.join(', ')}, generated int generated always as (id * 2) stored,
       "a""b" int)`,
  )
  await flow.declareSource('refused-source', ['Refused'])
  await flow.declareSink('refused-sink', 'refused-source', ['Refused'])

  const findings = (await flow.doctor(['refused-source', 'refused-sink'])).filter(
    ({ check }) => check === 'types',
  )

  const saidOf = (column: string) => {
    const found = findings.find(({ message }) => message.startsWith(`${column} `))
    expect(found, column).toMatchObject({
      severity: 'error',
      fix: `"column.exclude.list": ${JSON.stringify(`public.Refused.${column}`)}`,
    })
    return found?.message.replace(/^.*? (is .*?: |has a double quote in its name: )/, '') ?? ''
  }
  measured.refused = new Map([
    ...refusedTypes.map((type, index) => [type, saidOf(`r${index}`)] as const),
    ['generated', saidOf('generated')],
    ['quoted', saidOf('a"b')],
  ])
  await expect(flow.apply(['refused-source', 'refused-sink'])).rejects.toThrow(
    /CONFIG_INVALID: .*is generated/s,
  )
})

describe('a value that its type cannot carry', () => {
  const carried = lostValues.filter(({ stops }) => stops !== 'source')
  const unread = lostValues.filter(({ stops }) => stops === 'source')
  const nameOf = ({ table }: LostValue) => table.replaceAll('_', '-')
  const quiet = lostValues.filter(({ stops }) => stops === 'none')

  beforeAll(async () => {
    for (const { table, type, value } of lostValues) {
      await flow.source.query(`create table ${table} (id int primary key, v ${type})`)
      await flow.source.query(`insert into ${table} values (1, null), (7, $1::text::${type})`, [value])
    }
    await flow.declareSource(
      'lost-source',
      carried.map(({ table }) => table),
    )
    for (const one of carried.filter(({ stops }) => stops === 'sink')) {
      await flow.declareSink(`${nameOf(one)}-sink`, 'lost-source', [one.table])
    }
    await flow.declareSink(
      'quiet-sink',
      'lost-source',
      quiet.map(({ table }) => table),
    )
    for (const one of unread) {
      await flow.declareSource(`${nameOf(one)}-source`, [one.table])
      await flow.declareSink(`${nameOf(one)}-sink`, `${nameOf(one)}-source`, [one.table])
    }
  })

  const sources = () => ['lost-source', ...unread.map(one => `${nameOf(one)}-source`)]
  const sinks = () => [
    'quiet-sink',
    ...lostValues.filter(({ stops }) => stops !== 'none').map(one => `${nameOf(one)}-sink`),
  ]

  test('is found beforehand by doctor --deep, with its key', async () => {
    const findings = await flow.doctor([...sources(), ...sinks()], { isDeep: true })

    for (const { table, found } of lostValues) {
      const one = findings.find(
        ({ check, object }) => check === 'types' && object.endsWith(` public.${table}`),
      )
      expect(one, table).toMatchObject({ severity: 'error' })
      expect(one?.message).toMatch(found)
      expect(one?.message).toContain('1 values of v ')
      expect(one?.message).toContain('(such as that of id 7)')
    }
    await flow.pasteSql(findings.filter(({ check }) => check === 'warehouse-shape'))
  })

  test('stops the task, which says so with table, column and key, or what names them', async () => {
    await flow.apply([...sources(), ...sinks()], '--no-doctor')
    for (const one of lostValues) {
      const { table, stops, arrives } = one
      if (stops === 'none') {
        await untilLanded(stack, flow.warehouse, `select from ${table} where id = 7`)
        const { rows } = await flow.warehouse.query(`select v::text from ${table} where id = 7`)
        expect(rows).toEqual([{ v: arrives }])
      } else {
        const why = await untilExplained(`${nameOf(one)}-${stops}`)
        expect(why.why).toContain(table)
        if (stops === 'sink' && one.type !== 'time') expect(why.why).toMatch(/\bv, id 7: /)
        else expect(why.command).toMatch(/^npx trib doctor .*\S+-source --deep$/)
        const { rows } = await flow.warehouse.query(`select from ${table} where id = 7`)
        expect(rows).toEqual([])
      }
    }
    measured.lost = lostValues.map(one => ({
      one,
      happens:
        one.stops === 'none' ? `\`${one.arrives}\` arrives, and no task notices` : `the ${one.stops} stops`,
      mends:
        /^(time|timestamp)$/.test(one.type) || one.table === 'v_date'
          ? 'the cast, see above'
          : 'nothing: leave the column out',
    }))
  })

  async function untilExplained(name: string) {
    return eventually(
      `${name} to have stopped, and to be explained`,
      async () => {
        const said = await stack.trib(['explain', name, '-o', 'json'])
        const found = JSON.parse(said.stdout || '{}') as { state?: string; why?: string; command?: string }
        return found.state === 'failed' ? found : undefined
      },
      { deadlineMs: 90_000, intervalMs: 500 },
    )
  }
})

test('connectors/TYPES.md is what was seen', async () => {
  await expect(typesPage(measured)).toMatchFileSnapshot(join(root, 'connectors', 'TYPES.md'))
})
