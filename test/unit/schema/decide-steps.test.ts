import { describe, expect, test } from 'vitest'
import { decideSteps } from '../../../control/schema/decide-steps.ts'
import type { KnownTable } from '../../../control/schema/known-tables.ts'
import type { LandingColumn, SourceColumn, SourceTable } from '../../../control/schema/table-shapes.ts'
import { asked, known, landing, landingColumn, orders, sourceColumn } from './shapes.ts'

const id = sourceColumn(1, 'id', 'bigint', { isNotNull: true })
const idHere = landingColumn(1, 'id', 'bigint', { isNotNull: true })
const total = sourceColumn(2, 'total', 'integer')
const totalHere = landingColumn(2, 'total', 'integer')
const before = known([
  ['id', 'bigint'],
  ['total', 'integer'],
])

interface Look {
  readonly now: readonly SourceColumn[]
  readonly here?: readonly LandingColumn[]
  readonly knew?: KnownTable | undefined
  readonly table?: Partial<SourceTable>
}

function decide({ now, here = [idHere, totalHere], table, ...rest }: Look) {
  const knew = 'knew' in rest ? rest.knew : before
  const { steps, refusals, known: next } = decideSteps(asked(orders(now, table), landing(here), knew))
  return {
    steps: steps.map(step => (step.kind === 'sql' ? step.statement : step.kind)),
    refusals: refusals.map(({ statements, mustStop }) => ({ statements, mustStop })),
    sentences: refusals.map(({ sentence }) => sentence),
    next,
  }
}

const alter = 'alter table "public"."Orders"'

test('nothing is done where nothing changed, and the same is known again', () => {
  expect(decide({ now: [id, total] })).toEqual({ steps: [], refusals: [], sentences: [], next: before })
})

test('the first look takes columns of one name for one column', () => {
  expect(decide({ now: [id, total], knew: undefined })).toMatchObject({ steps: [], next: before })
})

describe('a column that is added', () => {
  test('is added here; its place is known after that', () => {
    const seen = decide({ now: [id, total, sourceColumn(3, 'note', 'text')] })
    expect(seen).toMatchObject({ steps: [`${alter} add column "note" text`], refusals: [] })
    expect(seen.next?.columns.at(-1)).toEqual({
      ...{ number: 3, name: 'note', type: 'text', landing: null, isGone: false },
    })
  })

  test('with a constant default has the value that rows of before have, whatever the default is by now', () => {
    const state = sourceColumn(3, 'state', 'text', { hasDefault: true, isNotNull: true, missing: "it's" })
    expect(decide({ now: [id, total, state] }).steps).toEqual([
      `${alter} add column "state" text default 'it''s'::text`,
    ])
  })

  test('with a value of its own in each row is read again; not where there is no row', () => {
    const token = sourceColumn(3, 'token', 'uuid', { hasDefault: true })
    const look = { now: [id, total, token] }
    expect(decide(look).steps).toEqual([`${alter} add column "token" uuid`, 'read-again'])
    expect(decide({ ...look, table: { isEmpty: true } }).steps).toHaveLength(1)
  })

  test('of an enum is a text here, and one that is generated is not sent', () => {
    const mood = sourceColumn(3, 'mood', 'mood', { typeKind: 'e' })
    const twice = sourceColumn(4, 'twice', 'integer', { isGenerated: true })
    expect(decide({ now: [id, total, mood, twice] }).steps).toEqual([`${alter} add column "mood" text`])
  })

  test('that somebody has added here already is taken as it is, and read again where rows have a value', () => {
    const here = [idHere, totalHere, landingColumn(3, 'note', 'text')]
    const note = sourceColumn(3, 'note', 'text')
    expect(decide({ now: [id, total, note], here }).steps).toEqual([])
    expect(decide({ now: [id, total, { ...note, missing: 'x' }], here }).steps).toEqual(['read-again'])
  })

  test('under the name of one that was dropped takes its place, and is read again', () => {
    const again = sourceColumn(3, 'total', 'integer')
    const seen = decide({ now: [id, again] })
    expect(seen).toMatchObject({ steps: ['read-again'], refusals: [] })
    expect(seen.next?.columns.map(({ number, landing: place }) => [number, place])).toEqual([
      [1, 1],
      [3, 2],
    ])
  })
})

describe('a column that is dropped', () => {
  test('stays here, without what would stop rows that lack it or make a value up', () => {
    const here = [idHere, { ...totalHere, isNotNull: true, hasDefault: true }]
    const seen = decide({ now: [id], here })
    expect(seen.steps).toEqual([
      `${alter} alter column "total" drop not null`,
      `${alter} alter column "total" drop default`,
    ])
    expect(seen.next?.columns[1]).toMatchObject({ name: 'total', isGone: true })
  })

  test('is dropped once only', () => {
    const first = decide({ now: [id] })
    expect(decide({ now: [id], knew: first.next })).toMatchObject({ steps: [], next: first.next })
  })
})

test('a column that the connector leaves out for a while is read again when it comes back', () => {
  const out = decideSteps({
    ...asked(orders([id, total]), landing([idHere, totalHere]), before),
    isLeftOut: name => name === 'total',
  })
  expect(out.known?.columns[1]).toMatchObject({ isGone: true })
  expect(decide({ now: [id, total], knew: out.known })).toMatchObject({
    steps: ['read-again'],
    refusals: [],
    next: before,
  })
})

describe('a column of another type', () => {
  test('that holds every value of the former is followed', () => {
    const wide = { ...total, type: 'bigint', typeName: 'int8' }
    const seen = decide({ now: [id, wide] })
    expect(seen.steps).toEqual([`${alter} alter column "total" type bigint`])
    expect(seen.next?.columns[1]).toMatchObject({ type: 'bigint' })
  })

  test('is read again where the rows were written anew, as a change of type may change values', () => {
    const wide = { ...total, type: 'bigint', typeName: 'int8' }
    const seen = decide({ now: [id, wide], table: { fileNode: '71' } })
    expect(seen.steps).toEqual([`${alter} alter column "total" type bigint`, 'read-again'])
    expect(seen.next?.fileNode).toBe('71')
  })

  test('that would be rounded stops the sink; what was known stays known until it is decided', () => {
    const price = { ...total, type: 'numeric(10,2)', typeName: 'numeric' }
    const seen = decide({ now: [id, price], table: { fileNode: '71' } })
    expect(seen.refusals).toEqual([
      {
        statements: [`${alter} alter column "total" type numeric(10,2) using "total"::text::numeric(10,2)`],
        mustStop: true,
      },
    ])
    expect(seen.next).toEqual(before)
    const decided = [idHere, landingColumn(2, 'total', 'numeric(10,2)')]
    expect(decide({ now: [id, price], here: decided, table: { fileNode: '71' } })).toMatchObject({
      steps: ['read-again'],
      refusals: [],
    })
  })

  test('under a view cannot be followed, and the view is named', () => {
    const wide = { ...total, type: 'bigint', typeName: 'int8' }
    const seen = decide({ now: [id, wide], here: [idHere, { ...totalHere, views: ['public.sums'] }] })
    expect(seen.sentences[0]).toContain('which the views public.sums of the warehouse keep from being done')
    expect(seen.refusals).toMatchObject([{ mustStop: false }])
  })
})

test('a column that may be null now may be null here; the other way round nothing is to be done', () => {
  const here = [idHere, { ...totalHere, isNotNull: true }]
  expect(decide({ now: [id, total], here }).steps).toEqual([`${alter} alter column "total" drop not null`])
  expect(decide({ now: [id, { ...total, isNotNull: true }] }).steps).toEqual([])
})

describe('a column that is renamed', () => {
  const sum = { ...total, name: 'sum' }

  test('waits for a person, and is known by its former name until then', () => {
    expect(decide({ now: [id, sum] })).toMatchObject({
      steps: [],
      refusals: [{ statements: [`${alter} rename column "total" to "sum"`], mustStop: false }],
      next: before,
    })
  })

  test('to a name that is taken here stops the sink: values would land beside the old ones', () => {
    const here = [idHere, totalHere, landingColumn(3, 'sum', 'integer')]
    expect(decide({ now: [id, sum], here }).refusals).toEqual([
      {
        statements: [
          `${alter} rename column "sum" to "sum_before"`,
          `${alter} rename column "total" to "sum"`,
        ],
        mustStop: true,
      },
    ])
  })

  test('whose former name another column got is no column that was kept', () => {
    const seen = decide({ now: [id, sum, sourceColumn(3, 'total', 'integer')] })
    expect(seen).toMatchObject({ steps: [], refusals: [{ mustStop: false }] })
    expect(seen.next?.columns).toEqual(before.columns)
  })

  test('is settled as soon as it is called so here', () => {
    const here = [idHere, { ...totalHere, name: 'sum' }]
    const seen = decide({ now: [id, sum], here })
    expect(seen).toMatchObject({ steps: [], refusals: [] })
    expect(seen.next?.columns[1]?.name).toBe('sum')
  })

  test('while nobody looked cannot be told from dropped and added: both ways on are given, nothing is known', () => {
    const {
      steps,
      refusals,
      known: next,
    } = decideSteps(asked(orders([id, sum]), landing([idHere, totalHere]), undefined))
    expect(steps).toEqual([])
    expect(next).toBeUndefined()
    expect(refusals).toMatchObject([
      {
        statements: [`${alter} rename column "total" to "sum"`],
        otherwise: { statements: [`${alter} add column "sum" integer`] },
      },
    ])
  })
})

test('a table that was written anew without a changed column is told, unless its TRUNCATE arrives as deletes', () => {
  expect(decide({ now: [id, total], table: { fileNode: '71' } }).steps).toEqual([])
  expect(decide({ now: [id, total], table: { fileNode: '71', isTruncateGuarded: false } }).steps).toEqual([
    'note',
  ])
})
