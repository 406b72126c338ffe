import type { Shell } from '../shell.ts'
import { type ContextOptions, chooseName } from './choose-context.ts'
import { type Context, localContextName } from './context.ts'
import { contextFilePath, readContextFile } from './context-file.ts'
import { openLocalContext } from './local-context.ts'

export type ContextRow = ContextParts & {
  readonly name: string
  /** Whether commands use it that name no other. */
  readonly current: boolean
}

type ContextParts = {
  readonly connect: readonly string[]
  /** `none`, `basic`, `bearer`, `mtls`, or two of them. */
  readonly auth: string
  readonly kafka: readonly string[]
  readonly sources: readonly string[]
  /** Without a password: an address holds none. */
  readonly warehouse: string | null
}

/** Every context, the local stack's first. */
export async function contextRows(shell: Shell, choice: ContextOptions): Promise<readonly ContextRow[]> {
  const file = readContextFile(contextFilePath(shell.env))
  const { name: current } = chooseName(shell.env, { ...choice, readFile: () => file })
  const local = {
    name: localContextName,
    current: current === localContextName,
    ...(await localParts(shell, choice)),
  }
  const others = [...file.contexts].map(([name, context]) => ({
    name,
    current: name === current,
    ...fileParts(context),
  }))
  return [local, ...others]
}

/** A stack that was never brought up has no addresses, which is no reason to list nothing. */
async function localParts(shell: Shell, { stackName }: ContextOptions): Promise<ContextParts> {
  try {
    const local = openLocalContext(shell, { stackName, isFallback: false })
    const { host, port, user, database } = await local.warehouse()
    return {
      connect: (await local.connect()).urls,
      auth: 'none',
      kafka: (await local.kafka()).brokers,
      sources: await local.sources(),
      warehouse: `postgres://${user}@${host}:${port}/${database}`,
    }
  } catch {
    return { connect: [], auth: 'none', kafka: [], sources: [], warehouse: null }
  }
}

function fileParts({ connect, kafka, sources, warehouse }: Context): ContextParts {
  const kinds = [
    ...(connect?.user !== undefined || connect?.password ? ['basic'] : []),
    ...(connect?.token ? ['bearer'] : []),
    ...(connect?.tls?.cert ? ['mtls'] : []),
  ]
  return {
    connect: connect?.urls ?? [],
    auth: kinds.join('+') || 'none',
    kafka: kafka?.bootstrap ?? [],
    sources: Object.keys(sources ?? {}),
    warehouse: warehouse?.url ?? null,
  }
}
