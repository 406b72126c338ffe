import type { KeyDefinition } from '../connect/connect-api.ts'

/** What a plugin says of its keys, as far as it tells secrets. */
export type KeyTypes = ReadonlyMap<string, Pick<KeyDefinition, 'type'>>

const secretWords =
  /(?:^| )(?:password|passwords|passwd|pwd|passphrase|passcode|secret|secrets|token|credential|credentials|(?:api|access|private|secret|account|shared|encryption|keystore) key|apikey|accesskey|privatekey|secretkey|jaas config|user info)(?: |$)|(?:^| )authorization$/

/** The last word of a key that speaks about a secret and holds none: where it lies, how it is used, what it is called. */
const aboutWords = new Set(
  `file filename path location url uri endpoint host class classes provider providers type mode enable enabled
  disabled ms sec seconds minutes interval timeout retries count size length limit max min algorithm format encoding
  charset version id name arn region alias policy strategy scope claim issuer audience field fields column columns
  header topic regex pattern prefix suffix source property properties converter replacement required`.split(
    /\s+/,
  ),
)

/** Names that a person chose stand in these keys: a transformation may be called `maskPassword`, a table `token`. */
const chosenNames =
  /^(?:transforms|predicates|topic\.creation)\.[^.]+\.|^snapshot\.select\.statement\.overrides\..*$/

/**
 * Whether a key's value is a secret. The plugin knows best (PASSWORD, or a type that no password has); it does not know
 * the keys that it hands on (`producer.override.…`, converters), and some declare a password as STRING.
 */
export function isSecretKey(key: string, definitions?: KeyTypes): boolean {
  const type = definitions?.get(key)?.type
  if (type !== undefined && type !== 'STRING') return type === 'PASSWORD'
  const words = key
    .replace(chosenNames, '')
    .replace(/(?<=[a-z\d])(?=[A-Z])/g, ' ')
    .toLowerCase()
    .split(/[^a-z\d]+/)
  return !aboutWords.has(words.at(-1) ?? '') && secretWords.test(words.join(' '))
}
