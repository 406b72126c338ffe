import type { ConnectorConfig, KeyDefinition } from '../connect/connect-api.ts'

/** A config and what is known of its keys. */
export interface ConfigSide {
  readonly config: ConnectorConfig
  readonly keys: ReadonlyMap<string, KeyDefinition>
}

/** A key that does not mean the same on both sides. Values are as they stand, secrets included: mask before showing. */
export interface KeyDifference {
  readonly key: string
  readonly from: string | undefined
  readonly to: string | undefined
  /** What counts where the key is missing: the definition's default. */
  readonly effectiveFrom: string | undefined
  readonly effectiveTo: string | undefined
}

/** The keys whose effect differs, sorted. Order of keys, spelled-out defaults and other spellings are no difference. */
export function differingKeys(before: ConfigSide, after: ConfigSide): readonly KeyDifference[] {
  const names = new Set([...Object.keys(before.config), ...Object.keys(after.config)])
  return [...names].sort().flatMap(key => {
    const difference = {
      key,
      from: before.config[key],
      to: after.config[key],
      effectiveFrom: effectiveValue(before, key),
      effectiveTo: effectiveValue(after, key),
    }
    const type = (after.keys.get(key) ?? before.keys.get(key))?.type
    return isSameValue(key, type, difference) ? [] : [difference]
  })
}

export function effectiveValue({ config, keys }: ConfigSide, key: string): string | undefined {
  return config[key] ?? keys.get(key)?.defaultValue
}

function isSameValue(
  key: string,
  type: string | undefined,
  { effectiveFrom: from, effectiveTo: to }: KeyDifference,
): boolean {
  if (from === to) return true
  if (from === undefined || to === undefined) return false
  if (key === 'connector.class') return isSameClass(from, to)
  switch (type) {
    case 'INT':
    case 'LONG':
    case 'SHORT':
      return isSameInteger(from, to)
    case 'DOUBLE':
      return isSameDecimal(from, to)
    case 'BOOLEAN':
      return isBoolean(from) && from.toLowerCase() === to.toLowerCase()
    case 'LIST':
      return isSameList(key, from, to)
    default:
      return false
  }
}

/** Not `Number`: a LONG has more digits than that holds. */
function isSameInteger(from: string, to: string): boolean {
  const isInteger = (text: string) => /^-?\d+$/.test(text)
  return isInteger(from) && isInteger(to) && BigInt(from) === BigInt(to)
}

function isSameDecimal(from: string, to: string): boolean {
  const isDecimal = (text: string) => /^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)
  return isDecimal(from) && isDecimal(to) && Number(from) === Number(to)
}

const isBoolean = (text: string) => /^(true|false)$/i.test(text)

/** Lists of which the first match counts, or whose order is that of the work or of the columns. */
const orderedLists = new Set([
  'transforms',
  'topic.creation.groups',
  'converters',
  'post.processors',
  'primary.key.fields',
  'pk.fields',
])

/** Inside a transform or converter two lists may belong together element by element, as in HeaderToValue's. */
const orderedPrefix = /^(transforms|predicates|(key|value|header)\.converter)\./

function isSameList(key: string, from: string, to: string): boolean {
  const [before, after] = [splitList(from), splitList(to)]
  if (orderedLists.has(key) || orderedPrefix.test(key)) {
    return before.length === after.length && before.every((element, index) => element === after[index])
  }
  const [those, these] = [new Set(before), new Set(after)]
  return those.size === these.size && [...those].every(element => these.has(element))
}

/** Debezium's lists hold patterns, in which `\,` is a comma. */
export function splitList(text: string): readonly string[] {
  return text
    .split(/(?<!\\),/)
    .map(element => element.trim())
    .filter(element => element !== '')
}

/** Connect finds a connector by its full name, its simple name, and that without `Connector`. */
function isSameClass(from: string, to: string): boolean {
  if (from.includes('.') && to.includes('.')) return false
  return shortClass(from) === shortClass(to)
}

/** `Postgres` of `io.debezium.connector.postgresql.PostgresConnector`. */
export function shortClass(name: string): string {
  const simple = name.slice(name.lastIndexOf('.') + 1)
  return simple.replace(/(?<=.)Connector$/, '')
}
