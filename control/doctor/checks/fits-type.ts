import { landingType } from '../../types/type-table.ts'
import type { Column } from '../subjects/table-facts.ts'

export interface TypeObjection {
  readonly severity: 'error' | 'warning'
  readonly why: string
}

const integers = ['int2', 'int4', 'int8']
const texts = ['text', 'varchar', 'bpchar', 'citext', 'name']
const jsons = ['json', 'jsonb']
const moments = ['date', 'timestamp', 'timestamptz']

/** What may go wrong where a column of the source lands in a column of the warehouse; undefined: nothing. */
export function objectionToType(source: Column, target: Column): TypeObjection | undefined {
  if (target.typeKind === 'e') return { severity: 'error', why: 'the sink cannot bind an enum and fails' }
  const landsAs = landingType(source)
  if (target.type === landsAs) return undefined
  if (landsAs !== source.type && source.typeKind !== 'e')
    return { severity: 'error', why: `the sink writes it as ${landsAs}, and fails` }
  // Postgres writes anything into an unlimited text.
  if (target.type === 'text' || target.type === 'character varying') return undefined
  if (texts.includes(target.typeName)) return shorter(source, target)
  if (target.typeName === 'numeric') return narrower(source, target)
  if (integers.includes(source.typeName) && integers.includes(target.typeName)) {
    return integers.indexOf(source.typeName) <= integers.indexOf(target.typeName)
      ? undefined
      : { severity: 'warning', why: 'a larger number fails' }
  }
  if (jsons.includes(source.typeName) && jsons.includes(target.typeName)) return undefined
  if (source.typeName === 'float4' && target.typeName === 'float8') return undefined
  if (source.typeName === target.typeName) return undefined
  if (texts.includes(source.typeName) || source.typeKind === 'e')
    return { severity: 'error', why: 'a text does not go into it' }
  if (moments.includes(source.typeName) && moments.includes(target.typeName))
    return { severity: 'warning', why: 'the time may move by a time zone, or lose its hour' }
  return { severity: 'warning', why: 'values may be rounded or refused' }
}

const sizesOf = ({ type }: Column) => /\((\d+)(?:,(-?\d+))?\)/.exec(type)?.slice(1).map(Number) ?? []

function shorter(source: Column, target: Column): TypeObjection | undefined {
  const [room] = sizesOf(target)
  const [length] = texts.includes(source.typeName) ? sizesOf(source) : []
  if (room === undefined || (length !== undefined && length <= room)) return undefined
  return { severity: 'warning', why: `a text longer than ${room} fails` }
}

function narrower(source: Column, target: Column): TypeObjection | undefined {
  const [precision, scale = 0] = sizesOf(target)
  if (precision === undefined) return undefined
  if (source.typeName === 'numeric') {
    const [digits, decimals = 0] = sizesOf(source)
    if (digits !== undefined && decimals <= scale && digits - decimals <= precision - scale) return undefined
  }
  const integerDigits = { int2: 5, int4: 10, int8: 19 }[source.typeName]
  if (integerDigits !== undefined && integerDigits <= precision - scale) return undefined
  return { severity: 'warning', why: 'values are rounded to it, or too large for it' }
}
