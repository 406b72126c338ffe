import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import * as z from 'zod'

const text = z.string().min(1)

const placeSchema = z.strictObject({
  row: z.number().int().min(0),
  col: z.number().int().min(0).max(23),
  size_x: z.number().int().min(1).max(24),
  size_y: z.number().int().min(1),
})

const questionSchema = z.strictObject({
  name: text,
  description: text,
  /** SQL, run in the warehouse by the role that may only read. */
  query: text,
  display: z.enum(['scalar', 'combo']),
  /** In Metabase's words. */
  settings: z.record(z.string(), z.unknown()),
  place: placeSchema,
})

const declarationSchema = z.strictObject({
  database: text,
  collection: z.strictObject({ name: text, description: text }),
  dashboard: z.strictObject({ name: text, description: text }),
  questions: z.array(questionSchema).min(1),
})

/** `analytics/SCENARIO/metabase.yml`: what Metabase is to show. */
export type Declaration = Readonly<z.infer<typeof declarationSchema>>
export type DeclaredQuestion = Declaration['questions'][number]

export function readDeclaration(root: string, scenario: string): Declaration {
  const path = join(root, 'analytics', scenario, 'metabase.yml')
  return declarationSchema.parse(parse(readFileSync(path, 'utf8')))
}
