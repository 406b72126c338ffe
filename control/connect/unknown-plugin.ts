import { TribError } from '../errors/trib-error.ts'
import { nearest } from '../topology/nearest.ts'

/** A package is long and guessed; what people mean, and mistype, is the last part. */
export function unknownPlugin(wanted: string, classes: readonly string[], url: string): TribError {
  const known = [...new Set(classes)].sort()
  const simple = nearest(simpleName(wanted), known.map(simpleName))
  const guess = known.find(name => simpleName(name) === simple)
  return new TribError(
    'CONFIG_INVALID',
    `there is no plugin '${wanted}' on ${url}${guess ? `; did you mean '${guess}'?` : ''}`,
    // A worker knows about a hundred transformations and converters, but few connectors.
    { hint: known.length > 0 && known.length <= 8 ? `plugins: ${known.join(', ')}` : 'npx trib get plugins' },
  )
}

/** The names in Connect's `available connectors are: PluginDesc{klass=…, name='…', …}`. */
export function classesIn(message: string): readonly string[] {
  return [...message.matchAll(/\bname='([^']+)'/g)].flatMap(([, name]) => name ?? [])
}

function simpleName(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1)
}
