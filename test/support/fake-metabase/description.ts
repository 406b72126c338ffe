import * as z from 'zod'

/**
 * The requests of Metabase's API that we send, as its published OpenAPI description has them (docs/api.json of
 * github.com/metabase/metabase at 001e7eaa6d52): path, parameters, and every key that a body may have. Written anew,
 * because that file's licence is not ours; a key that it does not name is refused, which Metabase itself does not do.
 */
export interface DescribedRequest {
  readonly method: 'GET' | 'POST' | 'PUT'
  /** `{id}` stands for a whole number greater than 0. */
  readonly path: string
  readonly query?: z.ZodType
  readonly body?: z.ZodType
  /** Whether it is answered without a session. */
  readonly isOpen?: true
}

const text = z.string().min(1)
const id = z.number().int().min(1)
const count = z.number().int().min(0)
const map = z.record(z.string(), z.unknown())
const email = z.email()

const postgresDetails = z.strictObject({
  host: text,
  port: z.number().int(),
  dbname: text,
  user: text,
  password: text,
  ssl: z.boolean(),
})

/** Before saving, Metabase reads a native query by this shape. */
const nativeQuery = z.strictObject({
  type: z.literal('native'),
  database: id,
  native: z.strictObject({ query: text }),
})

const card = {
  dataset_query: nativeQuery,
  display: text,
  visualization_settings: map,
  description: text.nullish(),
  collection_id: id.nullish(),
  collection_position: id.nullish(),
  cache_ttl: id.nullish(),
}

const dashcard = z.strictObject({
  id: z.number().int(),
  size_x: id,
  size_y: id,
  row: count,
  col: count,
  parameter_mappings: z.array(map).nullish(),
  series: z.array(map).nullish(),
  inline_parameters: z.array(text).nullish(),
  // Not in the list of keys, but in the answer, whose "same structure" the body is to have.
  card_id: id.nullish(),
})

const uniqueIds = (cards: readonly { readonly id: number }[]) =>
  new Set(cards.map(one => one.id)).size === cards.length

export const describedRequests: readonly DescribedRequest[] = [
  { method: 'GET', path: '/api/session/properties', isOpen: true },
  {
    ...{ method: 'POST', path: '/api/setup/', isOpen: true },
    body: z.strictObject({
      token: text,
      user: z.strictObject({
        email,
        password: text,
        first_name: text.nullish(),
        last_name: text.nullish(),
      }),
      prefs: z.strictObject({
        site_name: text,
        site_locale: z
          .string()
          .regex(/^[a-z]{2}(_[A-Z]{2})?$/)
          .nullish(),
      }),
    }),
  },
  {
    ...{ method: 'POST', path: '/api/session/', isOpen: true },
    body: z.strictObject({ username: text, password: text }),
  },
  { method: 'GET', path: '/api/database/' },
  {
    ...{ method: 'POST', path: '/api/database/' },
    body: z.strictObject({
      ...{ name: text, engine: z.literal('postgres'), details: postgresDetails },
      ...{ is_full_sync: z.boolean().nullable(), is_on_demand: z.boolean().nullable() },
      connection_source: z.enum(['admin', 'setup']).nullable(),
      ...{
        auto_run_queries: z.boolean().nullish(),
        cache_ttl: id.nullish(),
        provider_name: z.string().nullish(),
      },
      schedules: map.nullish(),
    }),
  },
  { method: 'GET', path: '/api/database/{id}/healthcheck' },
  {
    ...{ method: 'PUT', path: '/api/database/{id}' },
    body: z.strictObject({
      ...{
        name: text.nullish(),
        engine: z.literal('postgres').nullish(),
        details: postgresDetails.nullish(),
      },
      ...{
        settings: map.nullish(),
        refingerprint: z.boolean().nullish(),
        auto_run_queries: z.boolean().nullish(),
      },
    }),
  },
  { method: 'GET', path: '/api/collection/' },
  {
    ...{ method: 'POST', path: '/api/collection/' },
    body: z.strictObject({
      ...{ name: text, description: text.nullish(), parent_id: id.nullish(), namespace: text.nullish() },
      authority_level: z.literal('official').nullish(),
    }),
  },
  {
    ...{ method: 'GET', path: '/api/collection/{id}/items' },
    query: z.strictObject({
      models: z.array(z.enum(['dashboard', 'card', 'dataset', 'metric', 'collection'])),
    }),
  },
  {
    ...{ method: 'POST', path: '/api/card/' },
    body: z.strictObject({ name: text, ...card }),
  },
  { method: 'GET', path: '/api/card/{id}' },
  {
    ...{ method: 'PUT', path: '/api/card/{id}' },
    body: z.strictObject({ name: text, archived: z.boolean(), ...card }).partial(),
  },
  {
    ...{ method: 'POST', path: '/api/dashboard/' },
    body: z.strictObject({
      ...{ name: text, description: z.string().nullish(), collection_id: id.nullish() },
      ...{ collection_position: id.nullish(), cache_ttl: id.nullish(), parameters: z.array(map).nullish() },
    }),
  },
  { method: 'GET', path: '/api/dashboard/{id}' },
  {
    ...{ method: 'PUT', path: '/api/dashboard/{id}' },
    body: z.strictObject({
      ...{ name: text.nullish(), description: z.string().nullish(), collection_id: id.nullish() },
      ...{ archived: z.boolean().nullish(), width: z.enum(['fixed', 'full']).optional() },
      dashcards: z
        .array(dashcard)
        .refine(uniqueIds, 'value must be seq of maps in which ids are unique')
        .nullish(),
    }),
  },
]

export interface FoundRequest {
  readonly described: DescribedRequest
  /** The number in the path. */
  readonly id: number
}

export function findRequest(method: string, path: string): FoundRequest | undefined {
  for (const described of describedRequests) {
    const pattern = new RegExp(`^${described.path.replace('{id}', '([1-9]\\d*)')}$`)
    const match = described.method === method ? pattern.exec(path) : null
    if (match) return { described, id: Number(match[1] ?? 0) }
  }
  return undefined
}
