import type { Column } from '../doctor/subjects/table-facts.ts'

type Typed = Pick<Column, 'type' | 'typeName' | 'typeKind'>

const integers = ['int2', 'int4', 'int8']
const floats = ['float4', 'float8']
const withFraction = ['timestamp', 'timestamptz', 'time', 'timetz']

/** `numeric(10,2)` → [10, 2]; `timestamp(3) without time zone` → [3]. */
const sizesOf = ({ type }: Typed) => /\((\d+)(?:,(-?\d+))?\)/.exec(type)?.slice(1).map(Number) ?? []

/** Whether every value of the one type is, unchanged, a value of the other; pure. Types that are equal do not count. */
export function isWidening(from: Typed, to: Typed): boolean {
  if (from.type === to.type) return false
  if (integers.includes(from.typeName) && integers.includes(to.typeName))
    return integers.indexOf(from.typeName) < integers.indexOf(to.typeName)
  if (from.typeName === 'varchar' && (to.typeName === 'text' || to.typeName === 'varchar'))
    return isRoomier(sizesOf(from)[0], to.typeName === 'text' ? undefined : sizesOf(to)[0])
  if (from.typeName === 'numeric' && to.typeName === 'numeric') return isRoomierNumeric(from, to)
  if (from.typeName === to.typeName && withFraction.includes(from.typeName))
    return isRoomier(sizesOf(from)[0], sizesOf(to)[0])
  return floats[0] === from.typeName && floats[1] === to.typeName
}

/** undefined: without limit. */
const isRoomier = (from: number | undefined, to: number | undefined) =>
  to === undefined || (from !== undefined && from <= to)

function isRoomierNumeric(from: Typed, to: Typed): boolean {
  const [precision, scale = 0] = sizesOf(from)
  const [newPrecision, newScale = 0] = sizesOf(to)
  if (newPrecision === undefined) return true
  if (precision === undefined) return false
  return scale <= newScale && precision - scale <= newPrecision - newScale
}
