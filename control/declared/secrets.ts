import type { ConnectorConfig } from '../connect/connect-api.ts'
import type { DeclaredConnector } from './declared-connector.ts'
import { placeText } from './input-problems.ts'
import type { KeyTypes } from './secret-key.ts'
import { type SecretPart, secretParts } from './secret-parts.ts'

export interface LiteralSecret {
  readonly key: string
  /** Somebody's `***` or `[hidden]` instead of the secret. */
  readonly isMasked: boolean
}

/** The value as people may see it: every secret in clear is `***`, references stay readable. */
export function maskValue(key: string, value: string, definitions?: KeyTypes): string {
  return replaceParts(value, secretParts(key, value, definitions), () => '***')
}

export function maskConfig(config: ConnectorConfig, definitions?: KeyTypes): ConnectorConfig {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key, maskValue(key, value, definitions)]),
  )
}

/** Keys whose value is, or holds, a secret in clear. */
export function findLiteralSecrets(
  config: ConnectorConfig,
  definitions?: KeyTypes,
): readonly LiteralSecret[] {
  return Object.entries(config).flatMap(([key, value]) => {
    const parts = secretParts(key, value, definitions)
    const isMasked = parts.some(({ start, end }) => isMask(value.slice(start, end)))
    return parts.length === 0 ? [] : [{ key, isMasked }]
  })
}

/** What Connect ([hidden]), Debezium (********), consoles and people write where a secret was. */
function isMask(text: string): boolean {
  return /^(?:[*•●∙·]+|[[<({](?:hidden|masked|redacted|removed|omitted|secret|password)[\])}>]|REDACTED|MASKED|HIDDEN)$/i.test(
    text.trim(),
  )
}

/** A sentence for each secret in clear, with the line to write instead and what the workers need for it. */
export function checkLiteralSecrets(
  { name, config, origin }: DeclaredConnector,
  definitions?: KeyTypes,
): readonly string[] {
  const where = placeText(origin.file, origin.line === undefined ? undefined : { line: origin.line })
  return findLiteralSecrets(config, definitions).map(({ key, isMasked }) => {
    const { value, variables } = referToSecrets(name, key, { value: config[key] ?? '', definitions })
    const what = isMasked ? 'is masked: it would overwrite the real one' : 'holds a secret in clear'
    // The `env` provider gives only what its allow-list names, where it has one.
    const need = `each worker needs ${variables.join(' and ')} in its environment, and in config.providers.env.param.allowlist.pattern`
    return `${where}: ${key} of "${name}" ${what}; write ${JSON.stringify(key)}: ${JSON.stringify(value)} (${need})`
  })
}

interface ReferOptions {
  readonly value: string
  readonly definitions?: KeyTypes | undefined
  /** Another variable where the one derived from name and key is taken. */
  readonly choose?: (variable: string) => string
}

/** The value with each secret in clear replaced by a reference to a variable. */
export function referToSecrets(
  name: string,
  key: string,
  { value, definitions, choose = variable => variable }: ReferOptions,
): { readonly value: string; readonly variables: readonly string[] } {
  const variables: string[] = []
  const replaced = replaceParts(value, secretParts(key, value, definitions), ({ parameter }) => {
    const base = variableName(parameter === '' ? [name, key] : [name, key, parameter])
    // Two passwords of one URL are two variables.
    const count = variables.filter(variable => variable === base || variable.startsWith(`${base}_`)).length
    const variable = choose(count === 0 ? base : `${base}_${count + 1}`)
    variables.push(variable)
    return `\${env:${variable}}`
  })
  return { value: replaced, variables }
}

function variableName(words: readonly string[]): string {
  const name = words
    .map(word => word.replace(/[^A-Za-z0-9]+/g, '_').replace(/^_+|_+$/g, ''))
    .filter(word => word !== '')
    .join('_')
    .toUpperCase()
  return /^[A-Z]/.test(name) ? name : `CONNECTOR_${name}`
}

function replaceParts(
  value: string,
  parts: readonly SecretPart[],
  replacement: (part: SecretPart) => string,
): string {
  let at = 0
  let result = ''
  for (const part of parts) {
    result += value.slice(at, part.start) + replacement(part)
    at = part.end
  }
  return result + value.slice(at)
}
