import axios, { type AxiosInstance, isAxiosError } from 'axios'
import { z } from 'zod'
import { TribError } from '../errors/trib-error.ts'
import { retry } from '../system/retry.ts'

const taskSchema = z.object({
  id: z.number(),
  state: z.string(),
  worker_id: z.string(),
  trace: z.string().optional(),
})
const statusSchema = z.object({
  name: z.string(),
  connector: z.object({ state: z.string(), worker_id: z.string(), trace: z.string().optional() }),
  tasks: z.array(taskSchema),
  type: z.string(),
})
const configSchema = z.record(z.string(), z.string())
const listSchema = z.record(
  z.string(),
  z.object({
    info: z.object({ name: z.string(), config: configSchema, type: z.string() }),
    status: statusSchema,
  }),
)
const failureSchema = z.object({ error_code: z.number(), message: z.string() })

export type ConnectorStatus = z.infer<typeof statusSchema>
export type ConnectorConfig = z.infer<typeof configSchema>

export interface ConnectClient {
  readonly url: string
  /** Every connector with its config and status, in one request. */
  list(): Promise<z.infer<typeof listSchema>>
  /** Creates or changes; waits out a rebalance. */
  putConfig(name: string, config: ConnectorConfig): Promise<void>
  status(name: string): Promise<ConnectorStatus>
  /** The connector and those of its tasks that failed. */
  restartFailed(name: string): Promise<void>
}

interface ConnectClientOptions {
  readonly url: string
  readonly signal?: AbortSignal | undefined
  /** How long a rebalance may be waited for. (Default: 60,000 ms) */
  readonly deadlineMs?: number
}

export function createConnectClient({
  url,
  signal,
  deadlineMs = 60_000,
}: ConnectClientOptions): ConnectClient {
  const http = axios.create({
    baseURL: url,
    timeout: 30_000,
    // The worker is on this machine; HTTP_PROXY is for what is not.
    proxy: false,
    ...(signal ? { signal } : {}),
  })
  const call = (what: string, send: (client: AxiosInstance) => Promise<{ data: unknown }>) =>
    retry(() => send(http).catch(error => Promise.reject(toTribError(error, what, url))), {
      deadlineMs,
      signal,
    }).then(({ data }) => data)
  const path = (name: string) => `/connectors/${encodeURIComponent(name)}`
  return {
    url,
    list: async () =>
      parse(
        listSchema,
        await call('list the connectors', client => client.get('/connectors?expand=info&expand=status')),
        url,
      ),
    putConfig: async (name, config) => {
      await call(`configure ${name}`, client => client.put(`${path(name)}/config`, config))
    },
    status: async name =>
      parse(
        statusSchema,
        await call(`read the state of ${name}`, client => client.get(`${path(name)}/status`)),
        url,
      ),
    restartFailed: async name => {
      await call(`restart ${name}`, client =>
        client.post(`${path(name)}/restart?includeTasks=true&onlyFailed=true`),
      )
    },
  }
}

function parse<T>(schema: z.ZodType<T>, data: unknown, url: string): T {
  const parsed = schema.safeParse(data)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new TribError(
    'CONNECT_FAILED',
    `${url} does not answer as Kafka Connect: ${issue?.path.join('.')}: ${issue?.message}`,
    {
      hint: 'check that the address is the worker itself, not a proxy or another service',
    },
  )
}

/** Connect's own sentence where it gave one; 409 (a rebalance) and no answer at all may be repeated. */
function toTribError(error: unknown, what: string, url: string): unknown {
  if (!isAxiosError(error) || error.code === 'ERR_CANCELED') return error
  if (!error.response) {
    return new TribError(
      'CONNECT_FAILED',
      `could not ${what}: ${url} does not answer (${error.code ?? error.message})`,
      {
        hint: 'npx trib status',
        isRetriable: true,
      },
    )
  }
  const failure = failureSchema.safeParse(error.response.data)
  const sentence = failure.success ? failure.data.message : `HTTP ${error.response.status}`
  const isRebalance = error.response.status === 409 && !/already exists/.test(sentence)
  return new TribError('CONNECT_FAILED', `could not ${what}: ${sentence}`, {
    hint: 'npx trib logs connect',
    isRetriable: isRebalance || error.response.status === 503,
  })
}
