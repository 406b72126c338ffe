import type { ConnectorConfig, KeyFinding } from '../connect/connect-api.ts'
import { masked } from './mask.ts'

interface Refusal {
  readonly finding: KeyFinding
  readonly config: ConnectorConfig
}

/**
 * Connect's words as a sentence. Connect has put the secrets in by then and gives them back in its words: what is
 * shown of a value is what stands in the file, and of a secret nothing.
 */
export function explainRefusal(error: string, { finding: { definition }, config }: Refusal): string {
  const { name: key } = definition
  const value = config[key]
  if (/^Missing required configuration /.test(error)) return `'${key}' is missing: it is required`
  if (definition.type === 'PASSWORD' || isSecretKey(key) || holdsSecret(value)) {
    return `'${key}' is refused; why is not shown here, as that may tell the secret`
  }
  const reason = reasonIn(error)
  const shown = value === undefined ? '' : ` '${cleanUrl(value)}'`
  return `'${key}'${shown} is refused: ${hideSecrets(reason, config)}`
}

/** Without the preface, which repeats key and value. */
function reasonIn(error: string): string {
  const text = error.replaceAll(/\s+/g, ' ').trim().replace(/\.$/, '')
  const [, ofConnect] = /^Invalid value .* for configuration [^ ]+: (.+)$/.exec(text) ?? []
  const [, ofDebezium] = /^The '.*' value is invalid: (.+)$/.exec(text) ?? []
  return ofConnect ?? ofDebezium ?? text
}

const secretName =
  /pass(word|phrase)?|secret|token|credential|jaas|private\.?key|api\.?key|sslkey|auth\.user\.info/i

const isSecretKey = (key: string) => secretName.test(key)

/** A reference to a secret inside another value, as in a URL; or a login written into it. */
const holdsSecret = (value = '') =>
  [...value.matchAll(/\$\{[^}]*\}/g)].some(
    ([reference]) => secretName.test(reference) || /_key\b/i.test(reference),
  )

const cleanUrl = (text: string) =>
  text.replaceAll(/(?<=:\/\/)[^/@\s]+@/g, `${masked}@`).replaceAll(/(?<=pass(word)?=)[^&;\s]+/gi, masked)

/** A plugin may name one key's value in what it says of another. */
function hideSecrets(text: string, config: ConnectorConfig): string {
  const literals = Object.entries(config)
    .filter(([key, value]) => isSecretKey(key) && value.length >= 4 && !value.includes('${'))
    .map(([, value]) => value)
  return literals.reduce((shown, secret) => shown.replaceAll(secret, masked), cleanUrl(text))
}
