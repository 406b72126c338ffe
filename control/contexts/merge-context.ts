import type * as z from 'zod'
import { TribError } from '../errors/trib-error.ts'
import { shellWord } from '../output/shell-words.ts'
import {
  brokerSchema,
  type Context,
  type ContextDatabase,
  type ContextTls,
  connectUrlSchema,
  contextSchema,
  databaseUrlSchema,
  mechanismSchema,
  sourceNameSchema,
} from './context.ts'
import type { ContextChange } from './context-change.ts'
import { absoluteFiles } from './database-url.ts'
import { describeProblems, textOfPath } from './describe-problems.ts'
import { type SecretReference, secretReferenceSchema, toSecretReference } from './secret-reference.ts'
import { toStoredPath } from './stored-path.ts'

/** The context with the given parts changed. Without its address, a part goes with all that hangs on it. */
export function mergeContext(before: Context | undefined, options: ContextChange): Context {
  const merged = compact({
    connect: mergeConnect(options.connect === '' ? {} : (before?.connect ?? {}), options),
    kafka: mergeKafka(options.kafka === '' ? {} : (before?.kafka ?? {}), options),
    sources: mergeSources(before?.sources ?? {}, options),
    warehouse: mergeWarehouse(before?.warehouse, options),
  })
  const parsed = contextSchema.safeParse(merged ?? {})
  if (parsed.success) return parsed.data
  const [problem] = describeProblems(contextSchema, parsed.error)
  throw new TribError('USAGE', `${textOfPath(problem?.path ?? [])} ${problem?.sentence}`, {
    hint: "an empty value removes a part: --connect-token ''",
  })
}

type Connect = NonNullable<Context['connect']>
type Kafka = NonNullable<Context['kafka']>

function mergeConnect(before: Connect, options: ContextChange): Connect | undefined {
  return compact({
    urls: changed(before.urls, options.connect, listOf('--connect', connectUrlSchema)),
    user: changed(before.user, options.connectUser, String),
    password: changed(before.password, options.connectPassword, secretOf('--connect-password')),
    token: changed(before.token, options.connectToken, secretOf('--connect-token')),
    tls: mergeTls(before.tls ?? {}, {
      ca: options.connectCa,
      cert: options.connectCert,
      key: options.connectKey,
      passphrase: options.connectKeyPassphrase,
      insecure: options.connectInsecure,
      option: '--connect-key-passphrase',
    }),
  })
}

function mergeKafka(before: Kafka, options: ContextChange): Kafka | undefined {
  const hasTls = options.kafkaTls ?? before.tls !== undefined
  const tls = mergeTls(options.kafkaTls === false ? {} : (before.tls ?? {}), {
    ca: options.kafkaCa,
    cert: options.kafkaCert,
    key: options.kafkaKey,
    passphrase: options.kafkaKeyPassphrase,
    insecure: options.kafkaInsecure,
    option: '--kafka-key-passphrase',
  })
  const sasl = options.kafkaSasl === '' ? {} : (before.sasl ?? {})
  return compact({
    bootstrap: changed(before.bootstrap, options.kafka, listOf('--kafka', brokerSchema)),
    tls: tls ?? (hasTls ? {} : undefined),
    sasl: compact({
      mechanism: changed(sasl.mechanism, options.kafkaSasl, text =>
        parseOption('--kafka-sasl', mechanismSchema, text),
      ),
      user: changed(sasl.user, options.kafkaUser, String),
      password: changed(sasl.password, options.kafkaPassword, secretOf('--kafka-password')),
    }),
  })
}

interface TlsChange {
  readonly ca: string | undefined
  readonly cert: string | undefined
  readonly key: string | undefined
  readonly passphrase: string | undefined
  readonly insecure: boolean | undefined
  /** The option of the passphrase, for messages. */
  readonly option: string
}

function mergeTls(before: ContextTls, change: TlsChange): ContextTls | undefined {
  return compact({
    ca: changed(before.ca, change.ca, toStoredPath),
    cert: changed(before.cert, change.cert, toStoredPath),
    key: changed(before.key, change.key, toStoredPath),
    passphrase: changed(before.passphrase, change.passphrase, secretOf(change.option)),
    insecure: (change.insecure ?? before.insecure) || undefined,
  })
}

type Sources = Record<string, ContextDatabase>

function mergeSources(before: Sources, { source = [], sourcePassword = [] }: ContextChange) {
  const sources = new Map(Object.entries(before))
  for (const pair of source) {
    const [name, url] = splitPair('--source', pair)
    if (url === '') sources.delete(name)
    else sources.set(name, { ...sources.get(name), url: databaseUrlOf('--source', url) })
  }
  for (const pair of sourcePassword) {
    const [name, text] = splitPair('--source-password', pair)
    const database = sources.get(name)
    if (!database) {
      throw new TribError('USAGE', `--source-password names the source '${name}', which has no address`, {
        hint: `add it: --source ${shellWord(`${name}=postgres://user@db.example.org:5432/database`)}`,
      })
    }
    sources.set(name, withPassword(database, text, '--source-password'))
  }
  return compact(Object.fromEntries(sources))
}

function mergeWarehouse(
  before: ContextDatabase | undefined,
  { warehouse, warehousePassword }: ContextChange,
): ContextDatabase | undefined {
  const url = changed(before?.url, warehouse, text => databaseUrlOf('--warehouse', text))
  if (url !== undefined) return withPassword({ ...before, url }, warehousePassword, '--warehouse-password')
  if (warehousePassword) {
    throw new TribError('USAGE', '--warehouse-password is given, but the warehouse has no address', {
      hint: 'add it: --warehouse postgres://user@warehouse.example.org:5432/database',
    })
  }
  return undefined
}

function withPassword(
  { url, password: before }: ContextDatabase,
  text: string | undefined,
  option: string,
): ContextDatabase {
  const password = changed(before, text, secretOf(option))
  return password ? { url, password } : { url }
}

/** Only the first `=` divides: what follows may hold more of them. */
function splitPair(option: string, pair: string): readonly [string, string] {
  const at = pair.indexOf('=')
  if (at > 0) return [parseOption(option, sourceNameSchema, pair.slice(0, at)), pair.slice(at + 1)]
  const example =
    option === '--source'
      ? 'orders=postgres://user@db.example.org:5432/database'
      : 'orders=env:ORDERS_PASSWORD'
  // Not shown: it may be a password.
  throw new TribError('USAGE', `${option} begins with no name`, { hint: `${option} ${shellWord(example)}` })
}

function changed<Value>(
  before: Value | undefined,
  text: string | undefined,
  read: (text: string) => Value,
): Value | undefined {
  if (text === undefined) return before
  return text === '' ? undefined : read(text)
}

function listOf(option: string, schema: z.ZodType<string>) {
  return (text: string) => text.split(',').map(item => parseOption(option, schema, item.trim()))
}

function secretOf(option: string) {
  return (text: string): SecretReference => {
    const reference = toSecretReference(text)
    if (reference) return parseOption(option, secretReferenceSchema, reference)
    const variable = option.slice(2).toUpperCase().replaceAll('-', '_')
    // Neither repeated here nor written anywhere: only the place of a secret is kept.
    throw new TribError(
      'USAGE',
      `${option} is no place where a secret is found: env:NAME, file:PATH or command:…`,
      {
        hint: `${option} env:${variable}`,
      },
    )
  }
}

function databaseUrlOf(option: string, text: string): string {
  return parseOption(option, databaseUrlSchema, absoluteFiles(text))
}

function parseOption<Value>(option: string, schema: z.ZodType<Value>, value: unknown): Value {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const [problem] = describeProblems(schema, parsed.error)
  throw new TribError('USAGE', `${option} ${problem?.sentence}`)
}

type Compact<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> }

/** Without the keys that are undefined; undefined when none is left. */
function compact<T extends object>(value: T): Compact<T> | undefined {
  const entries = Object.entries(value).filter(([, part]) => part !== undefined)
  return entries.length === 0 ? undefined : (Object.fromEntries(entries) as Compact<T>)
}
