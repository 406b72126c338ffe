import * as z from 'zod'
import { parseDatabaseUrl } from './database-url.ts'
import { secretReferenceSchema } from './secret-reference.ts'
import { storedPathSchema } from './stored-path.ts'

/** The context of the stack in this clone; it needs no setting up, so no entry may take its name. */
export const localContextName = 'local'

/** A text that is right when `problemOf` finds nothing to say. */
const checked = (problemOf: (text: string) => string | undefined) =>
  z.string().superRefine((text, context) => {
    const problem = problemOf(text)
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem })
  })

const text = z.string().min(1, { error: 'is empty' })

/** Becomes the name of a folder, and a word of commands to paste. */
const name = z.string().regex(/^[A-Za-z0-9][\w.-]{0,62}$/, {
  error:
    'is no name: it must be up to 63 letters, digits, ".", "-" and "_", and begin with a letter or digit',
})

export const contextNameSchema = name.refine(value => value !== localContextName, {
  error: `is refused: "${localContextName}" always means the stack of this clone`,
})

export const sourceNameSchema = name

export const connectUrlSchema = checked(value => {
  const url = URL.canParse(value) ? new URL(value) : undefined
  if (!url || !['http:', 'https:'].includes(url.protocol))
    return 'is no address like https://connect.example.org:8083'
  if (url.username !== '' || url.password !== '') {
    return `holds a user or password; write ${url.origin}${url.pathname}, and beside it user: NAME and password: {env: NAME}`
  }
  if (url.search !== '' || url.hash !== '') return 'has something behind the path; an address ends there'
  return undefined
})

export const brokerSchema = checked(value =>
  /^(\[[\da-fA-F:.]+\]|[\w.-]+):\d{1,5}$/.test(value)
    ? undefined
    : 'is no address like kafka-1.example.org:9092',
)

export const databaseUrlSchema = checked(value => {
  const url = parseDatabaseUrl(value)
  return 'refused' in url ? url.refused : undefined
})

const tlsSchema = z.strictObject({
  /** PEM file of those who may have signed the server's certificate. (Default: those that Node trusts) */
  ca: storedPathSchema.optional(),
  /** PEM files with which this machine shows who it is. */
  cert: storedPathSchema.optional(),
  key: storedPathSchema.optional(),
  passphrase: secretReferenceSchema.optional(),
  /** Do not check the server's certificate. (Default: false) */
  insecure: z.boolean().optional(),
})

const connectSchema = z
  .strictObject({
    /** One or more workers of the same cluster, tried in turn. */
    urls: z.array(connectUrlSchema).min(1, { error: 'is empty' }).optional(),
    user: text.optional(),
    password: secretReferenceSchema.optional(),
    /** Sent as `Authorization: Bearer …`. */
    token: secretReferenceSchema.optional(),
    tls: tlsSchema.optional(),
  })
  .refine(({ user, password, token }) => !token || (user === undefined && !password), {
    error: 'has a token as well as a user or password; one of them must go',
  })

export const mechanismSchema = z.enum(['plain', 'scram-sha-256', 'scram-sha-512'])

const kafkaSchema = z.strictObject({
  bootstrap: z.array(brokerSchema).min(1, { error: 'is empty' }).optional(),
  /** `{}` is TLS with the authorities that Node trusts. (Default: no TLS) */
  tls: tlsSchema.optional(),
  sasl: z
    .strictObject({
      mechanism: mechanismSchema.optional(),
      user: text.optional(),
      password: secretReferenceSchema.optional(),
    })
    .optional(),
})

const databaseSchema = z.strictObject({
  /** `postgres://user@host:5432/database?sslmode=…`. */
  url: databaseUrlSchema,
  /** (Default: none, for servers that trust this machine or its certificate) */
  password: secretReferenceSchema.optional(),
})

/** How one Connect cluster, its Kafka, its sources and its warehouse are reached; parts may be missing. */
export const contextSchema = z.strictObject({
  connect: connectSchema.optional(),
  kafka: kafkaSchema.optional(),
  sources: z.record(sourceNameSchema, databaseSchema).optional(),
  warehouse: databaseSchema.optional(),
})

/** The file: every context, and the one that is used when no other is asked for. */
export const contextFileSchema = z.strictObject({
  current: text.optional(),
  contexts: z.record(contextNameSchema, contextSchema).nullish(),
})

export type Context = z.infer<typeof contextSchema>
export type ContextTls = z.infer<typeof tlsSchema>
export type ContextDatabase = z.infer<typeof databaseSchema>
