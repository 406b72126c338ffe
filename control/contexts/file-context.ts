import { homedir } from 'node:os'
import { join } from 'node:path'
import { TribError } from '../errors/trib-error.ts'
import type { Shell } from '../shell.ts'
import { nearest } from '../topology/nearest.ts'
import { openConnectPart } from './connect-part.ts'
import type { Context } from './context.ts'
import { contextLacks } from './context-lacks.ts'
import { openDatabasePart } from './database-part.ts'
import { openKafkaPart } from './kafka-part.ts'
import type { OpenContext } from './open-context.ts'
import { createSecretResolver } from './resolve-secret.ts'

interface FileContextOptions {
  readonly name: string
  readonly context: Context
}

/** A context of the file; nothing is read and no secret is looked for before a part is asked for. */
export function openFileContext(shell: Shell, { name, context }: FileContextOptions): OpenContext {
  const resolve = createSecretResolver(shell, { context: name })
  const options = { name, shell, resolve }
  const sources = new Map(Object.entries(context.sources ?? {}))
  return {
    name,
    kind: 'file',
    connect: () => openConnectPart(context, options),
    kafka: () => openKafkaPart(context, options),
    sources: async () => [...sources.keys()],
    source: async sourceName => {
      const database = sources.get(sourceName)
      if (!database) throw noSuchSource(name, sourceName, [...sources.keys()])
      return openDatabasePart(database, { ...options, what: `the source ${sourceName}`, option: '--source' })
    },
    warehouse: async () => {
      if (!context.warehouse) {
        throw contextLacks(
          name,
          'does not say where its warehouse is',
          ...['--warehouse', 'postgres://user@warehouse.example.org:5432/database?sslmode=verify-full'],
          ...['--warehouse-password', 'env:WAREHOUSE_PASSWORD'],
        )
      }
      return openDatabasePart(context.warehouse, { ...options, what: 'the warehouse', option: '--warehouse' })
    },
    stateFolder: contextStateFolder(shell.env, name),
    statusHint: 'npx trib config get-contexts',
  }
}

/** Where the XDG rules put what a program remembers. */
export function contextStateFolder(env: NodeJS.ProcessEnv, name: string): string {
  const home = env['XDG_STATE_HOME'] || join(env['HOME'] || homedir(), '.local', 'state')
  return join(home, 'tributary', 'contexts', name)
}

function noSuchSource(context: string, source: string, names: readonly string[]): TribError {
  const meant = nearest(source, names)
  if (meant) {
    const sentence = `the context '${context}' has no source '${source}'; did you mean '${meant}'?`
    return new TribError('CONTEXT_INCOMPLETE', sentence, { hint: `sources: ${names.join(', ')}` })
  }
  return contextLacks(
    context,
    `has no source '${source}'`,
    ...['--source', `${source}=postgres://user@db.example.org:5432/database?sslmode=verify-full`],
    ...['--source-password', `${source}=env:SOURCE_PASSWORD`],
  )
}
