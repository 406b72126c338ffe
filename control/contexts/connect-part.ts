import type { ConnectAccess } from '../connect/connect-api.ts'
import type { Shell } from '../shell.ts'
import type { Context } from './context.ts'
import { contextLacks } from './context-lacks.ts'
import type { ResolveSecret } from './resolve-secret.ts'
import { readTls } from './tls-files.ts'

interface PartOptions {
  /** The context's name, for messages. */
  readonly name: string
  readonly shell: Shell
  readonly resolve: ResolveSecret
}

/** How a context's Connect is reached; its credentials are found now, so that a missing one is told at once. */
export async function openConnectPart(
  { connect = {} }: Context,
  { name, shell, resolve }: PartOptions,
): Promise<ConnectAccess> {
  const { urls, user, password, token, tls } = connect
  if (!urls)
    throw contextLacks(
      name,
      'does not say where its Kafka Connect is',
      '--connect',
      'https://connect.example.org:8083',
    )
  if (user !== undefined && !password) {
    throw contextLacks(
      name,
      `has the user ${user} for Connect but no password`,
      '--connect-password',
      'env:CONNECT_PASSWORD',
    )
  }
  if (password && user === undefined)
    throw contextLacks(name, 'has a password for Connect but no user', '--connect-user', 'USER')

  const authorization = async (): Promise<string | undefined> => {
    if (token) return `Bearer ${await resolve(token, 'the token for Connect')}`
    if (user === undefined || !password) return undefined
    const pair = Buffer.from(`${user}:${await resolve(password, 'the password for Connect')}`).toString(
      'base64',
    )
    if (!shell.secrets().includes(pair)) shell.addSecrets([pair])
    return `Basic ${pair}`
  }
  const files = tls && (await readTls(tls, { context: name, part: 'connect', env: shell.env, resolve }))
  const access = { urls: urls.map(url => url.replace(/\/+$/, '')), tls: files, context: name }
  if ((await authorization()) === undefined) return access
  return { ...access, headers: async () => ({ authorization: (await authorization()) ?? '' }) }
}
