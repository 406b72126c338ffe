import { isDeepStrictEqual } from 'node:util'
import { TribError } from '../errors/trib-error.ts'
import type { Declaration, DeclaredQuestion } from './declaration.ts'
import * as answers from './metabase-answers.ts'
import type { AskMetabase } from './metabase-client.ts'

export interface Login {
  readonly email: string
  readonly password: string
}

/** The warehouse as Metabase reaches it, by the role that may only read. */
export interface WarehouseDetails {
  readonly host: string
  readonly port: number
  readonly dbname: string
  readonly user: string
  readonly password: string
}

interface ProvisionOptions {
  readonly declaration: Declaration
  readonly login: Login
  readonly warehouse: WarehouseDetails
}

export interface Provisioned {
  /** What this run changed, in words; empty when everything was as declared. */
  readonly changes: readonly string[]
  readonly dashboardId: number
}

interface Context {
  readonly ask: AskMetabase
  readonly session: string
  readonly changes: string[]
}

/** Makes Metabase show what is declared: what is missing is made, what differs is brought back, the rest stays. */
export async function provisionMetabase(
  ask: AskMetabase,
  { declaration, login, warehouse }: ProvisionOptions,
): Promise<Provisioned> {
  const changes: string[] = []
  const context = { ask, changes, session: await openSession(ask, login, changes) }
  const database = await ensureDatabase(context, declaration.database, warehouse)
  const collection = await ensureCollection(context, declaration)
  const { data: items } = await ask({
    ...{ method: 'GET', path: `/api/collection/${collection}/items?models=card&models=dashboard` },
    ...{ session: context.session, answer: answers.itemsSchema },
  })
  const idOf = (model: string, name: string) =>
    items.find(one => one.model === model && one.name === name)?.id
  const cards = new Map<DeclaredQuestion, number>()
  for (const question of declaration.questions) {
    const known = idOf('card', question.name)
    cards.set(question, await ensureCard(context, question, { known, database, collection }))
  }
  const known = idOf('dashboard', declaration.dashboard.name)
  const dashboardId = await ensureDashboard(context, declaration, { known, collection, cards })
  return { changes, dashboardId }
}

/** The first run makes the administrator, with the token that only an empty Metabase gives. */
async function openSession(ask: AskMetabase, login: Login, changes: string[]): Promise<string> {
  const { email, password } = login
  const properties = await ask({
    ...{ method: 'GET', path: '/api/session/properties', answer: answers.propertiesSchema },
  })
  const token = properties['setup-token']
  if (!properties['has-user-setup'] && token) {
    const { id } = await ask({
      ...{ method: 'POST', path: '/api/setup/', answer: answers.sessionSchema },
      body: {
        token,
        user: { email, password, first_name: 'Tributary', last_name: 'Administrator' },
        prefs: { site_name: 'Tributary', site_locale: 'en' },
      },
    })
    changes.push(`administrator ${email} made`)
    return id
  }
  const { id } = await ask({
    ...{ method: 'POST', path: '/api/session/', answer: answers.sessionSchema },
    body: { username: email, password },
  }).catch(error => {
    if (!(error instanceof TribError) || !/\(40[01]\)/.test(error.message)) throw error
    throw new TribError(
      'METABASE_FAILED',
      `Metabase does not know the password of ${email} that .env holds`,
      {
        ...{
          cause: error,
          hint: 'put its password into .env as METABASE_ADMIN_PASSWORD, above the generated block',
        },
      },
    )
  })
  return id
}

async function ensureDatabase(
  { ask, session, changes }: Context,
  name: string,
  warehouse: WarehouseDetails,
): Promise<number> {
  const details = { ...warehouse, ssl: false }
  const { data } = await ask({
    ...{ method: 'GET', path: '/api/database/', session, answer: answers.databasesSchema },
  })
  const found = data.find(database => database.name === name)
  if (!found) {
    const { id } = await ask({
      ...{ method: 'POST', path: '/api/database/', session, answer: answers.createdSchema },
      body: {
        ...{ name, engine: 'postgres', details },
        ...{ is_full_sync: true, is_on_demand: false, connection_source: 'admin' },
      },
    })
    changes.push(`database ${name} added`)
    return id
  }
  // Metabase does not tell the password: whether it is right shows in whether Metabase gets in.
  const { status } = await ask({
    ...{
      method: 'GET',
      path: `/api/database/${found.id}/healthcheck`,
      session,
      answer: answers.healthSchema,
    },
  })
  const isSame = (['host', 'port', 'dbname', 'user'] as const).every(
    key => String(found.details?.[key]) === String(warehouse[key]),
  )
  if (status === 'ok' && isSame) return found.id
  await ask({
    ...{ method: 'PUT', path: `/api/database/${found.id}`, session, answer: answers.anythingSchema },
    body: { engine: 'postgres', details },
  })
  changes.push(`database ${name} changed`)
  return found.id
}

async function ensureCollection(
  { ask, session, changes }: Context,
  { collection: { name, description } }: Declaration,
): Promise<number> {
  const all = await ask({
    ...{ method: 'GET', path: '/api/collection/', session, answer: answers.collectionsSchema },
  })
  const found = all.find(one => one.name === name && one.archived !== true)?.id
  if (typeof found === 'number') return found
  const { id } = await ask({
    ...{ method: 'POST', path: '/api/collection/', session, answer: answers.createdSchema },
    body: { name, description },
  })
  changes.push(`collection ${name} made`)
  return id
}

interface CardPlace {
  readonly known: number | undefined
  readonly database: number
  readonly collection: number
}

async function ensureCard(
  { ask, session, changes }: Context,
  question: DeclaredQuestion,
  { known, database, collection }: CardPlace,
): Promise<number> {
  const { name, description, query, display, settings } = question
  const body = {
    ...{ name, description, display, visualization_settings: settings },
    dataset_query: { type: 'native', database, native: { query } },
  }
  if (known === undefined) {
    const { id } = await ask({
      ...{ method: 'POST', path: '/api/card/', session, answer: answers.createdSchema },
      body: { ...body, collection_id: collection },
    })
    changes.push(`question "${name}" made`)
    return id
  }
  const card = await ask({
    ...{ method: 'GET', path: `/api/card/${known}`, session, answer: answers.cardSchema },
  })
  const { dataset_query: kept } = card
  const isSame =
    (kept.native?.query ?? kept.stages?.[0]?.native) === query &&
    kept.database === database &&
    card.display === display &&
    card.description === description &&
    // Metabase may add settings of its own; ours must be there.
    Object.entries(settings).every(([key, value]) =>
      isDeepStrictEqual(card.visualization_settings[key], value),
    )
  if (isSame) return known
  await ask({
    ...{ method: 'PUT', path: `/api/card/${known}`, session, answer: answers.anythingSchema, body },
  })
  changes.push(`question "${name}" changed`)
  return known
}

interface DashboardPlace {
  readonly known: number | undefined
  readonly collection: number
  readonly cards: ReadonlyMap<DeclaredQuestion, number>
}

async function ensureDashboard(
  { ask, session, changes }: Context,
  { dashboard: { name, description } }: Declaration,
  { known, collection, cards }: DashboardPlace,
): Promise<number> {
  const id = known ?? (await createDashboard())
  const path = `/api/dashboard/${id}`
  const kept = await ask({ ...{ method: 'GET', path, session, answer: answers.dashboardSchema } })
  // One that is new to the dashboard has a number below 0.
  const dashcards = [...cards].map(([{ place }, cardId], index) => {
    const card = kept.dashcards.find(one => one.card_id === cardId)
    return { id: card?.id ?? -1 - index, card_id: cardId, ...place }
  })
  const shapes = kept.dashcards.map(({ id, card_id, row, col, size_x, size_y }) => ({
    ...{ id, card_id, row, col, size_x, size_y },
  }))
  const inOrder = (one: readonly { readonly id: number }[]) => one.toSorted((a, b) => a.id - b.id)
  if (kept.description === description && isDeepStrictEqual(inOrder(shapes), inOrder(dashcards))) return id
  await ask({
    ...{ method: 'PUT', path, session, answer: answers.anythingSchema, body: { description, dashcards } },
  })
  if (known !== undefined) changes.push(`dashboard ${name} changed`)
  return id

  async function createDashboard(): Promise<number> {
    const created = await ask({
      ...{ method: 'POST', path: '/api/dashboard/', session, answer: answers.createdSchema },
      body: { name, description, collection_id: collection },
    })
    changes.push(`dashboard ${name} made`)
    return created.id
  }
}
