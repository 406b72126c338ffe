import { TribError } from '../errors/trib-error.ts'
import { named, shellWord } from '../output/shell-words.ts'
import type { AskedFor } from './judge-answer.ts'
import { configErrorsIn, plainSentence } from './plain-sentence.ts'
import { classesIn, unknownPlugin } from './unknown-plugin.ts'

interface Refusal {
  readonly status: number
  readonly message: string
  readonly what: string
  readonly hint: string
  readonly asked: AskedFor
}

export const logLevels = 'OFF, FATAL, ERROR, WARN, INFO, DEBUG, TRACE'

/** Connect's no, in our words: what the user can change by another command has that command's code. */
export function refusalOf({ status, message, what, hint, asked }: Refusal): TribError {
  const { about = {}, url, method, path } = asked
  const { connector, task, pluginClass, logLevel } = about
  const sentence = plainSentence(message)
  if (/Failed to find any class that implements Connector/.test(message)) {
    const wanted = /which name matches ([^,\s]+)/.exec(message)?.[1] ?? pluginClass ?? ''
    return unknownPlugin(wanted, classesIn(message), url)
  }
  if (status === 409 && connector !== undefined)
    return new TribError('CONNECTOR_EXISTS', `the connector '${connector}' already exists`, {
      hint: `npx trib describe connector ${named(connector)}`,
    })
  if (status === 405 || (status === 404 && sentence.startsWith('HTTP 404')))
    return new TribError(
      'CONNECT_FAILED',
      `could not ${what}: ${url} does not know ${method} ${path} (HTTP ${status})`,
      {
        hint: `its Kafka Connect may be too old, or the address lack a path: curl -sS ${shellWord(`${url}/`)}`,
      },
    )
  if (status === 404 && logLevel !== undefined && /invalid log level/i.test(message))
    return new TribError('USAGE', `'${logLevel}' is no log level`, { hint: `levels: ${logLevels}` })
  if (status === 404 && task !== undefined && /task/i.test(message))
    return new TribError('USAGE', `the connector '${connector}' has no task ${task}`, {
      hint: `npx trib describe connector ${named(connector)}`,
    })
  if (status === 404 && connector !== undefined) return unknownConnector(connector)

  const errors = configErrorsIn(message)
  const code = errors || /contains no connector type/.test(message) ? 'CONFIG_INVALID' : 'CONNECT_FAILED'
  return new TribError(code, `could not ${what}: ${errors?.join('; ') || sentence}`, {
    hint: hintFor(refusalKind(status, { isConfig: code === 'CONFIG_INVALID', sentence }), {
      connector,
      pluginClass,
      hint,
    }),
  })
}

export function unknownConnector(name: string): TribError {
  return new TribError('CONNECTOR_UNKNOWN', `there is no connector '${name}'`, {
    hint: 'npx trib get connectors',
  })
}

type Kind = 'config' | 'not-stopped' | 'worker'

function refusalKind(
  status: number,
  { isConfig, sentence }: { readonly isConfig: boolean; readonly sentence: string },
): Kind | undefined {
  if (isConfig) return 'config'
  if (/must be in the STOPPED state/.test(sentence)) return 'not-stopped'
  return status >= 500 ? 'worker' : undefined
}

function hintFor(
  kind: Kind | undefined,
  {
    connector,
    pluginClass,
    hint,
  }: {
    readonly connector: string | undefined
    readonly pluginClass: string | undefined
    readonly hint: string
  },
): string | undefined {
  if (kind === 'config') return pluginClass ? `npx trib describe plugin ${named(pluginClass)}` : undefined
  if (kind === 'not-stopped') return `npx trib stop ${named(connector)}`
  return kind === 'worker' ? hint : undefined
}
