import { LineCounter } from 'yaml'
import type { LocatedNode, MappingNode, Place, ScalarNode } from '../topology/located-node.ts'
import type { AddProblem } from './input-problems.ts'

class JsonFault extends Error {
  readonly offset: number
  readonly hint: string | undefined

  constructor(offset: number, sentence: string, hint?: string) {
    super(sentence)
    this.offset = offset
    this.hint = hint
  }
}

/** No connector's file has more than six; recursion ends before the stack does. */
export const deepest = 64

const space = /[ \t\r\n]*/y
const text = /"[^"\\\n]*(?:\\.[^"\\\n]*)*"/y
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-])/y
const word = /(?:true|false|null)(?!\w)/y

/**
 * Strict JSON, with the line of each key. `JSON.parse` keeps neither lines nor the way a number is written, and lets a
 * key stand twice; the YAML parser takes much that is no JSON.
 */
export function parseJson(source: string, add: AddProblem): LocatedNode | undefined {
  const lines = new LineCounter()
  lines.addNewLine(0)
  for (let at = source.indexOf('\n'); at !== -1; at = source.indexOf('\n', at + 1)) lines.addNewLine(at + 1)
  const placeAt = (offset: number, path: string): Place => {
    const { line, col } = lines.linePos(offset)
    return { line, column: col, path }
  }
  try {
    return readDocument(source, { placeAt, add })
  } catch (fault) {
    if (!(fault instanceof JsonFault)) throw fault
    const { line, column } = placeAt(fault.offset, '')
    add({ line, signAt: column, path: '' }, `not JSON: ${fault.message}`, fault.hint)
    return undefined
  }
}

interface Options {
  placeAt(offset: number, path: string): Place
  readonly add: AddProblem
}

function readDocument(source: string, { placeAt, add }: Options): LocatedNode {
  let at = 0
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at
    const found = pattern.exec(source)?.[0]
    at += found?.length ?? 0
    return found
  }
  const takeSign = (sign: string): boolean => {
    take(space)
    if (source[at] !== sign) return false
    at += 1
    return true
  }
  const scalar = (type: ScalarNode['type'], raw: string, place: Place): ScalarNode => {
    const value = type === 'string' ? unquote(raw, at - raw.length) : raw
    return { ...place, kind: 'scalar', type, value, raw }
  }

  const readValue = (place: Place, depth: number): LocatedNode => {
    if (depth > deepest) throw new JsonFault(at, `nested deeper than ${deepest} levels`)
    if (takeSign('{')) return { ...place, kind: 'mapping', entries: readMembers(place, depth) }
    if (takeSign('[')) return { ...place, kind: 'list', items: readItems(place, depth) }
    const string = take(text)
    if (string !== undefined) return scalar('string', string, place)
    const digits = take(number)
    if (digits !== undefined) return scalar('number', digits, place)
    const name = take(word)
    if (name !== undefined) return scalar(name === 'null' ? 'null' : 'boolean', name, place)
    throw unexpected(source, at, 'a value')
  }

  const readMembers = (place: Place, depth: number): MappingNode['entries'] => {
    const entries = new Map<string, LocatedNode>()
    if (takeSign('}')) return entries
    do {
      take(space)
      const start = at
      const quoted = take(text)
      if (quoted === undefined) throw unexpected(source, at, 'a key in double quotes')
      const key = unquote(quoted, start)
      const keyPlace = placeAt(start, place.path === '' ? key : `${place.path}.${key}`)
      if (!takeSign(':')) throw unexpected(source, at, '":"')
      const value = readValue(keyPlace, depth + 1)
      const first = entries.get(key)
      if (first) add(keyPlace, `is refused: the key stands twice, first at line ${first.line}`)
      else entries.set(key, value)
    } while (takeSign(','))
    if (!takeSign('}')) throw unexpected(source, at, '"," or "}"')
    return entries
  }

  const readItems = (place: Place, depth: number): readonly LocatedNode[] => {
    const items: LocatedNode[] = []
    if (takeSign(']')) return items
    do {
      take(space)
      items.push(readValue(placeAt(at, `${place.path}[${items.length}]`), depth + 1))
    } while (takeSign(','))
    if (!takeSign(']')) throw unexpected(source, at, '"," or "]"')
    return items
  }

  take(space)
  const root = readValue(placeAt(at, ''), 0)
  take(space)
  if (at < source.length) throw unexpected(source, at, 'the end of the file')
  return root
}

/** Says what stands there by one sign only: a value may be a secret. */
function unexpected(source: string, offset: number, wanted: string): JsonFault {
  const rest = source.slice(offset, offset + 2)
  if (rest === '') return new JsonFault(offset, `the file ends where ${wanted} is expected`)
  if (rest.startsWith('//') || rest.startsWith('/*') || rest.startsWith('#')) {
    return new JsonFault(offset, 'a comment stands here', 'take the comment away, or write the file as YAML')
  }
  if (rest.startsWith("'"))
    return new JsonFault(offset, `"'" stands here; JSON writes texts in double quotes`)
  if (/^[}\]]/.test(rest) && /,\s*$/.test(source.slice(Math.max(0, offset - 1000), offset))) {
    return new JsonFault(offset, `a comma stands before "${rest[0]}"`, 'take the last comma away')
  }
  if (rest.startsWith('"')) return new JsonFault(offset, textFault(source, offset, wanted))
  const sign = /^[\w\p{P}\p{S}]/u.exec(rest)?.[0]
  return new JsonFault(offset, `${wanted} is expected${sign === undefined ? '' : `, "${sign}" stands here`}`)
}

function unquote(quoted: string, offset: number): string {
  try {
    return String(JSON.parse(quoted))
  } catch {
    throw new JsonFault(offset, brokenText)
  }
}

const brokenText =
  'the text that begins here has no end on its line, or a "\\" or control character that means nothing'

function textFault(source: string, offset: number, wanted: string): string {
  text.lastIndex = offset
  return text.test(source) ? `${wanted} is expected, a text stands here` : brokenText
}
