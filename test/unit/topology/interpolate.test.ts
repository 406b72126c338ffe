import { describe, expect, it } from 'vitest'
import { interpolate, variablesIn } from '../../../control/topology/interpolate.ts'

const environment = { SET: 'value', EMPTY: '', OTHER: 'other', COST: '$5' }

// What Compose makes of each, where it says so without a warning (compose-go 2, template.Substitute).
const values = [
  ['plain', 'plain'],
  ['', ''],
  ['$SET', 'value'],
  ['${SET}', 'value'],
  ['a${SET}b$OTHER-c', 'avaluebother-c'],
  ['${EMPTY}', ''],
  ['$$SET', '$SET'],
  ['$$$SET', '$value'],
  ['$${SET}', '${SET}'],
  ['${COST}', '$5'],
  ['${SET:-default}', 'value'],
  ['${EMPTY:-default}', 'default'],
  ['${UNSET:-default}', 'default'],
  ['${UNSET:-}', ''],
  ['${SET-default}', 'value'],
  ['${EMPTY-default}', ''],
  ['${UNSET-default}', 'default'],
  ['${SET:?message}', 'value'],
  ['${SET?message}', 'value'],
  ['${EMPTY?message}', ''],
  ['${SET:+instead}', 'instead'],
  ['${EMPTY:+instead}', ''],
  ['${UNSET:+instead}', ''],
  ['${SET+instead}', 'instead'],
  ['${EMPTY+instead}', 'instead'],
  ['${UNSET+instead}', ''],
  ['${UNSET:-${OTHER}}', 'other'],
  ['${UNSET:-${ALSO_UNSET:-deep}}', 'deep'],
  ['${UNSET:-a$OTHER}-b', 'aother-b'],
  ['${SET:-${ALSO_UNSET}}', 'value'],
  ['${SET:-${ALSO_UNSET:?needed}}', 'value'],
  ['${UNSET:-$$OTHER}', '$OTHER'],
  ['${UNSET:-{"a":1}}', '{"a":1}'],
  ['${UNSET:--Xms64m -Xmx256m}', '-Xms64m -Xmx256m'],
  ['http://${SET}:80/{id}', 'http://value:80/{id}'],
] as const

describe('interpolate', () => {
  it.each(values)('fills %j in as %j', (text, value) => {
    const result = interpolate(text, environment)

    expect(result).toEqual({ kind: 'value', value })
  })

  it.each([
    ['$UNSET', 'UNSET', ''],
    ['${UNSET}', 'UNSET', ''],
    ['${UNSET:?run up}', 'UNSET', 'run up'],
    ['${UNSET?run up}', 'UNSET', 'run up'],
    ['${EMPTY:?run up}', 'EMPTY', 'run up'],
    ['${UNSET:-${ALSO_UNSET}}', 'ALSO_UNSET', ''],
  ])('finds a variable missing in %j', (text, name, message) => {
    const result = interpolate(text, environment)

    expect(result).toEqual({ kind: 'missing', variables: [{ name, message }] })
  })

  it.each([
    ['$', 'a "$" begins a variable; write "$$" for the sign itself'],
    ['costs $5', 'a "$" begins a variable; write "$$" for the sign itself'],
    ['${}', 'a "$" begins a variable; write "$$" for the sign itself'],
    ['${1A}', 'a "$" begins a variable; write "$$" for the sign itself'],
    ['${SET', 'a "${" is not closed'],
    ['${SET!}', 'a "${" is not closed'],
    ['${SET:-default', 'a "${" is not closed'],
  ])('refuses %j', (text, reason) => {
    const result = interpolate(text, environment)

    expect(result).toEqual({ kind: 'invalid', reason })
  })

  it('names each variable of a text once, those inside defaults too', () => {
    const names = variablesIn('${A}:$B:${A:-${C:-d}} $$D')

    expect(names).toEqual(['A', 'B', 'C'])
  })
})
