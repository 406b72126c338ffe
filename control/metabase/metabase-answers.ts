import * as z from 'zod'

// As much of Metabase's answers as provisioning reads; the rest is left alone.

const id = z.number().int()
const named = z.looseObject({ id, name: z.string() })

export const propertiesSchema = z.looseObject({
  'has-user-setup': z.boolean(),
  'setup-token': z.string().nullish(),
})

export const sessionSchema = z.looseObject({ id: z.string() })

export const databaseSchema = named.extend({ details: z.looseObject({}).nullish() })

export const databasesSchema = z.looseObject({ data: z.array(databaseSchema) })

export const healthSchema = z.looseObject({ status: z.string() })

/** The root collection among them has a word for an id. */
export const collectionsSchema = z.array(
  z.looseObject({ id: z.union([id, z.string()]), name: z.string(), archived: z.boolean().nullish() }),
)

export const itemsSchema = z.looseObject({ data: z.array(named.extend({ model: z.string() })) })

export const createdSchema = z.looseObject({ id })

export const cardSchema = z.looseObject({
  description: z.string().nullish(),
  display: z.string(),
  visualization_settings: z.looseObject({}),
  dataset_query: z.looseObject({
    database: id.nullish(),
    native: z.looseObject({ query: z.string() }).optional(),
    // How newer versions keep a query.
    stages: z.array(z.looseObject({ native: z.string().optional() })).optional(),
  }),
})

export const dashboardSchema = z.looseObject({
  description: z.string().nullish(),
  dashcards: z.array(
    z.looseObject({
      id,
      card_id: id.nullish(),
      row: id,
      col: id,
      size_x: id,
      size_y: id,
    }),
  ),
})

export const anythingSchema = z.unknown()
