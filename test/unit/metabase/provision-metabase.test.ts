import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readDeclaration } from '../../../control/metabase/declaration.ts'
import { createMetabaseClient } from '../../../control/metabase/metabase-client.ts'
import { provisionMetabase } from '../../../control/metabase/provision-metabase.ts'
import { moodle } from '../../../control/scenarios/moodle.ts'
import { type FakeMetabase, startFakeMetabase } from '../../support/fake-metabase.ts'
import { root } from '../../support/trib.ts'

const declaration = readDeclaration(root, 'moodle')
const login = { email: 'admin@tributary.example', password: 'Passw0rdOfTheStack' }
const warehouse = {
  host: 'warehouse',
  port: 27_142,
  dbname: 'warehouse',
  user: 'dashboard',
  password: 'secret-of-dashboard',
}
const questionNames = declaration.questions.map(({ name }) => name)

let fake: FakeMetabase
beforeEach(async () => {
  fake = await startFakeMetabase()
})
afterEach(async () => {
  // Every request of every test is in Metabase's own description.
  expect(fake.objections).toEqual([])
  await fake[Symbol.asyncDispose]()
})

const provision = (to: FakeMetabase = fake) =>
  provisionMetabase(createMetabaseClient({ url: to.url, signal: new AbortController().signal }), {
    ...{ declaration, login, warehouse },
  })

/** By method, of those that change something. */
const writes = () => fake.requests.filter(one => !one.startsWith('GET ') && !one.includes('/session/'))

test('an empty Metabase gets an administrator, the warehouse, the questions and the dashboard', async () => {
  const { changes, dashboardId } = await provision()

  expect(changes).toEqual([
    'administrator admin@tributary.example made',
    'database Warehouse added',
    'collection Tributary made',
    ...questionNames.map(name => `question "${name}" made`),
    'dashboard Moodle made',
  ])
  expect([...fake.databases.values()]).toEqual([
    expect.objectContaining({ engine: 'postgres', details: { ...warehouse, ssl: false } }),
  ])
  const dashboard = fake.dashboards.get(dashboardId)
  expect(dashboard?.['dashcards']).toEqual(
    declaration.questions.map(({ name, place }) =>
      expect.objectContaining({
        ...place,
        card_id: [...fake.cards.values()].find(card => card['name'] === name)?.id,
      }),
    ),
  )
})

describe.each([{ hasStages: false }, { hasStages: true }])('the second time, %o', ({ hasStages }) => {
  test('nothing is changed, and the dashboard is the same', async () => {
    await fake[Symbol.asyncDispose]()
    fake = await startFakeMetabase({ hasStages })
    const first = await provision()
    const before = writes().length

    const second = await provision()

    expect(second).toEqual({ changes: [], dashboardId: first.dashboardId })
    expect(writes()).toHaveLength(before)
  })
})

test('what somebody changed is brought back, and what is his own stays', async () => {
  const { dashboardId } = await provision()
  const [question] = declaration.questions
  const card = [...fake.cards.values()].find(one => one['name'] === question?.name)
  if (!card) throw new Error('the question is not there')
  fake.cards.set(card.id, { ...card, display: 'table' })
  fake.cards.set(900, { ...card, id: 900, name: 'Mine', collection_id: card['collection_id'] })
  const dashboard = fake.dashboards.get(dashboardId)
  if (!dashboard) throw new Error('the dashboard is not there')
  fake.dashboards.set(dashboardId, { ...dashboard, dashcards: (dashboard['dashcards'] as object[]).slice(1) })

  const { changes } = await provision()

  expect(changes).toEqual([`question "${question?.name}" changed`, 'dashboard Moodle changed'])
  expect(fake.cards.get(card.id)).toMatchObject({ display: question?.display })
  expect(fake.cards.get(900)).toMatchObject({ name: 'Mine', display: question?.display })
  expect(fake.dashboards.get(dashboardId)?.['dashcards']).toHaveLength(declaration.questions.length)
  expect((await provision()).changes).toEqual([])
})

test('a warehouse that moved, or whose password is another, is written anew', async () => {
  await provision()
  fake.isDatabaseReached = false

  expect((await provision()).changes).toEqual(['database Warehouse changed'])
  expect((await provision()).changes).toEqual([])
})

test('a password that Metabase does not know is told with the variable that holds it', async () => {
  await provision()
  fake.password = 'changed1 in Metabase'

  await expect(provision()).rejects.toMatchObject({
    code: 'METABASE_FAILED',
    message: 'Metabase does not know the password of admin@tributary.example that .env holds',
    hint: expect.stringContaining('METABASE_ADMIN_PASSWORD'),
  })
})

test('a Metabase that is not there is told in a sentence', async () => {
  const gone = await startFakeMetabase()
  await gone[Symbol.asyncDispose]()

  await expect(provision(gone)).rejects.toMatchObject({
    code: 'METABASE_FAILED',
    message: expect.stringMatching(
      /^http:\/\/127\.0\.0\.1:\d+ does not answer GET \/api\/session\/properties: .*ECONNREFUSED/,
    ),
  })
})

test('the dashboard has both questions of the scenario, by week and in total', () => {
  for (const { view, counted, total } of moodle.questions) {
    const queries = declaration.questions.map(({ query }) => query)
    expect(queries).toContain(`select week, ${counted}, ${total} from ${view} order by week`)
    expect(queries).toContain(`select ${total} from ${view} order by week desc limit 1`)
  }
})
