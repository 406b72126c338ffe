import { shortClass, splitList } from '../plan/effective-config.ts'

type Config = Readonly<Record<string, string>>

/** What a source has to be told so that a type arrives as it is. */
export type Want =
  | {
      readonly kind: 'setting'
      readonly key: string
      /** The first is the one to set. */
      readonly good: readonly [string, ...string[]]
      readonly unset: string
      /** What happens else. */
      readonly otherwise: string
    }
  | {
      readonly kind: 'cast'
      readonly to: CastType
      readonly otherwise: string
    }

export type CastType = 'string' | 'int32' | 'int64'

export const decimalsAsText: Want = {
  kind: 'setting',
  key: 'decimal.handling.mode',
  good: ['string'],
  unset: 'precise',
  otherwise: 'NaN arrives as NULL, and digits may be lost',
}

export const moneyExact: Want = {
  ...decimalsAsText,
  good: ['string', 'precise'],
  otherwise: 'cents may be rounded',
}

export const intervalsAsText: Want = {
  kind: 'setting',
  key: 'interval.handling.mode',
  good: ['string'],
  unset: 'numeric',
  otherwise: 'it arrives as microseconds, a month counted as 30.44 days',
}

export const hstoreAsJson: Want = {
  kind: 'setting',
  key: 'hstore.handling.mode',
  good: ['json'],
  unset: 'json',
  otherwise: 'a NULL in it arrives as the word null, and quotes are lost',
}

export const microseconds: Want = {
  kind: 'setting',
  key: 'time.precision.mode',
  good: ['microseconds', 'adaptive', 'adaptive_time_microseconds'],
  unset: 'adaptive',
  otherwise: 'what the mode cannot hold arrives changed',
}

/** JSON has no NaN, and Connect's converter reads the word as 0. */
export const numbersAsText: Want = {
  kind: 'cast',
  to: 'string',
  otherwise: 'NaN and infinities arrive as 0 unless it travels as text',
}

const castClass = 'Cast$Value'

interface Cast {
  readonly alias: string
  readonly spec: string
}

function castsIn(config: Config): readonly Cast[] {
  return splitList(config['transforms'] ?? '')
    .filter(alias => shortClass(config[`transforms.${alias}.type`] ?? '') === castClass)
    .map(alias => ({ alias, spec: config[`transforms.${alias}.spec`] ?? '' }))
}

/** What a transform makes of the columns with that name; undefined: it leaves them as they are. */
export function castOf(config: Config, column: string): string | undefined {
  for (const { spec } of castsIn(config)) {
    for (const part of splitList(spec)) {
      const end = part.lastIndexOf(':')
      if (part.slice(0, end) === column) return part.slice(end + 1)
    }
  }
  return undefined
}

/** The keys that make a column travel as `to`; undefined: a transform that has no such column to name. */
export function castSettings(
  config: Config,
  column: string,
  to: CastType,
): readonly (readonly [key: string, value: string])[] | undefined {
  // The list of the transform knows no quotes.
  if (/[,:]/.test(column)) return undefined
  const [cast] = castsIn(config)
  if (cast) {
    const others = splitList(cast.spec).filter(part => part.slice(0, part.lastIndexOf(':')) !== column)
    return [[`transforms.${cast.alias}.spec`, [...others, `${column}:${to}`].join(',')]]
  }
  const transforms = [...splitList(config['transforms'] ?? ''), 'exact'].join(',')
  return [
    ['transforms.exact.spec', `${column}:${to}`],
    ['transforms.exact.type', `org.apache.kafka.connect.transforms.${castClass}`],
    ['transforms.exact.replace.null.with.default', 'false'],
    ['transforms', transforms],
  ]
}
