import * as z from 'zod'
import type { ConnectorConfig } from '../connect/connect-api.ts'

/** A field as Connect's JSON converter describes it. */
export interface FieldSchema {
  readonly type: string
  /** `io.debezium.time.MicroTimestamp`; undefined: what the type says. */
  readonly name?: string | undefined
  readonly field?: string | undefined
  readonly fields?: readonly FieldSchema[] | undefined
  readonly parameters?: Readonly<Record<string, string>> | undefined
}

/** What the converter would make of the bytes. */
export type Decoded =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'decoded'; readonly payload: unknown; readonly schema: FieldSchema | undefined }
  | { readonly kind: 'unreadable'; readonly reason: string }

const fieldSchema: z.ZodType<FieldSchema> = z.lazy(() =>
  z.object({
    type: z.string(),
    name: z.string().optional(),
    field: z.string().optional(),
    fields: z.array(fieldSchema).optional(),
    parameters: z.record(z.string(), z.string()).optional(),
  }),
)
const enveloped = z.strictObject({ schema: fieldSchema.nullable(), payload: z.unknown() })

/** Reads JSON as `JsonConverter` does, with its schema where `schemas.enable` says so. */
export function decodeRecord(bytes: Buffer | null, { hasSchema }: { readonly hasSchema: boolean }): Decoded {
  if (bytes === null) return { kind: 'nothing' }
  let document: unknown
  try {
    document = parseExactly(bytes.toString('utf8'))
  } catch (error) {
    return { kind: 'unreadable', reason: `it is no JSON: ${error instanceof Error ? error.message : error}` }
  }
  if (!hasSchema) return { kind: 'decoded', payload: document, schema: undefined }
  const found = enveloped.safeParse(document)
  if (!found.success)
    return { kind: 'unreadable', reason: 'it is JSON, but not the "schema" and "payload" of the converter' }
  const { schema, payload } = found.data
  return { kind: 'decoded', payload: payload ?? null, schema: schema ?? undefined }
}

/** A number that JavaScript would round stays its digits; texts are passed over whole. */
function parseExactly(text: string): unknown {
  const exact = text.replace(/"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/g, token =>
    token.startsWith('"') || Number.isSafeInteger(Number(token)) ? token : `"${token}"`,
  )
  return JSON.parse(exact)
}

/** For people and for JSON: what it holds, or its beginning where it cannot be read. */
export function shownPayload(bytes: Buffer | null, hasSchema: boolean): unknown {
  const decoded = decodeRecord(bytes, { hasSchema })
  switch (decoded.kind) {
    case 'nothing':
      return null
    case 'decoded':
      return decoded.payload
    case 'unreadable':
      return bytes?.toString('utf8').slice(0, 200)
  }
}

/** Only where the connector says otherwise: the worker's own default is with schemas, as Connect's is. */
export const hasSchema = (config: ConnectorConfig, part: 'key' | 'value') =>
  config[`${part}.converter.schemas.enable`] !== 'false'
