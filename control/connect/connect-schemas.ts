import * as z from 'zod'
import type {
  ClusterInfo,
  Connector,
  ConnectorConfig,
  ConnectorOffset,
  ConnectorStatus,
  KeyDefinition,
  KeyFinding,
  Logger,
  Plugin,
} from './connect-api.ts'

const text = z
  .string()
  .nullish()
  .transform(value => value ?? '')
const optionalText = z
  .string()
  .nullish()
  .transform(value => value ?? undefined)

export const clusterSchema = z
  .object({ version: z.string(), commit: text, kafka_cluster_id: text })
  .transform(
    ({ version, commit, kafka_cluster_id }): ClusterInfo => ({
      version,
      commit,
      kafkaClusterId: kafka_cluster_id,
    }),
  )

/** A connector repeats its name in its config; a value of null is one that Connect treats as not there. */
export const configSchema = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
  .transform(
    (config): ConnectorConfig =>
      Object.fromEntries(
        Object.entries(config).flatMap(([key, value]) =>
          key === 'name' || value === null ? [] : [[key, String(value)]],
        ),
      ),
  )

const partSchema = z.object({ state: z.string(), worker_id: text, trace: optionalText })

export const statusSchema = z
  .object({
    name: z.string(),
    type: text,
    connector: partSchema,
    tasks: z
      .array(partSchema.extend({ id: z.number() }))
      .nullish()
      .transform(tasks => tasks ?? []),
  })
  .transform(
    ({ name, type, connector, tasks }): ConnectorStatus => ({
      name,
      type: type || 'unknown',
      ...toPart(connector),
      tasks: tasks.map(task => ({ id: task.id, ...toPart(task) })).sort((a, b) => a.id - b.id),
    }),
  )

function toPart({ state, worker_id, trace }: z.output<typeof partSchema>) {
  return { state, workerId: worker_id, trace }
}

export const infoSchema = z.object({ name: z.string(), type: text, config: configSchema })

/** What stands under the names of connectors; not a record, which would leave one out that is called `__proto__`. */
const byName = <T extends z.ZodType>(schema: T) =>
  z.preprocess(
    value =>
      value !== null && typeof value === 'object' && !Array.isArray(value) ? Object.values(value) : value,
    z.array(schema),
  )

/** Between the answer to its creation and its first state, and while it is deleted, a connector lacks one of the two. */
export const listSchema = byName(
  z.object({ info: infoSchema.nullish(), status: statusSchema.nullish() }),
).transform((connectors): readonly Connector[] =>
  connectors
    .flatMap(({ info, status }) => (info ? [{ ...(status ?? withoutState(info)), config: info.config }] : []))
    .sort((a, b) => (a.name < b.name ? -1 : 1)),
)

export function withoutState({ name, type }: { readonly name: string; readonly type: string }) {
  return {
    name,
    type: type || 'unknown',
    state: 'UNASSIGNED',
    workerId: '',
    trace: undefined,
    tasks: [],
  } satisfies ConnectorStatus
}

/** What a restart is going to touch is RESTARTING in its answer; without tasks there is no answer. */
export const restartSchema = statusSchema.optional()

export const pluginsSchema = z.array(
  z
    .object({ class: z.string(), type: text, version: optionalText })
    .transform((plugin): Plugin => ({ class: plugin.class, type: plugin.type, version: plugin.version })),
)

const keySchema = z
  .object({
    name: z.string(),
    type: text,
    required: z.boolean().nullish(),
    default_value: optionalText,
    importance: text,
    documentation: text,
  })
  .transform(
    ({ name, type, required, default_value, importance, documentation }): KeyDefinition => ({
      name,
      type,
      isRequired: required ?? false,
      defaultValue: default_value,
      importance,
      documentation,
    }),
  )
export const keysSchema = z.array(keySchema)

/** A key that the plugin does not define, but finds fault with, comes without a definition. */
/** The worker leaves a reference without a value as it stands. Of the values nothing else is kept: secrets are among them. */
const unresolvedSchema = z
  .unknown()
  .transform((value): readonly string[] =>
    [...String(value ?? '').matchAll(/\$\{[^}]*\}/g)].map(([reference]) => reference),
  )

export const findingsSchema = z
  .object({
    configs: z.array(
      z.object({
        definition: keySchema.nullish(),
        value: z.object({ name: z.string(), value: unresolvedSchema, errors: z.array(z.string()).nullish() }),
      }),
    ),
  })
  .transform(({ configs }): readonly KeyFinding[] =>
    configs.map(({ definition, value }) => ({
      definition: definition ?? undefinedKey(value.name),
      errors: value.errors ?? [],
      unresolved: value.value,
    })),
  )

function undefinedKey(name: string): KeyDefinition {
  return {
    name,
    type: 'STRING',
    isRequired: false,
    defaultValue: undefined,
    importance: 'LOW',
    documentation: '',
  }
}

const jsonObject = z.record(z.string(), z.unknown())
export const offsetsSchema = z
  .object({ offsets: z.array(z.object({ partition: jsonObject, offset: jsonObject.nullable() })) })
  .transform(({ offsets }): readonly ConnectorOffset[] => offsets)

export const messageSchema = z.object({ message: z.string() }).transform(({ message }) => message)

export const topicsSchema = byName(z.object({ topics: z.array(z.string()) })).transform(all =>
  all.flatMap(({ topics }) => topics.toSorted()),
)

export const loggersSchema = z
  .record(z.string(), z.object({ level: text, last_modified: z.number().nullish() }))
  .transform((loggers): readonly Logger[] =>
    Object.entries(loggers).map(([name, { level, last_modified }]) => ({
      name,
      level,
      lastModifiedMs: last_modified ?? undefined,
    })),
  )

/** With the scope `cluster`, and on workers that do not tell, there is no answer. */
export const touchedSchema = z
  .array(z.string())
  .optional()
  .transform(names => names ?? [])

export const nothingSchema = z.unknown().transform(() => undefined)
