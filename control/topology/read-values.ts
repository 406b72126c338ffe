import { childrenOf, type LocatedNode, type MappingNode } from './located-node.ts'
import type { Problems } from './problems.ts'
import { splitWords } from './split-words.ts'

// Each reader reports what it cannot read and gives an empty value: with a problem there is no topology.

/** The entries of a mapping; none, and a problem, for anything else. An absent or empty node has none either. */
export function readMapping(node: LocatedNode | undefined, problems: Problems): MappingNode['entries'] {
  if (node?.kind === 'mapping') return node.entries
  if (node && !isEmpty(node)) problems.refuse(node, 'is no mapping of keys to values')
  return new Map()
}

export function isEmpty(node: LocatedNode): boolean {
  return node.kind === 'scalar' && node.type === 'null'
}

export function readText(node: LocatedNode, problems: Problems): string {
  if (node.kind === 'scalar' && node.type === 'string') return node.value
  // YAML reads 010 as ten and 1e3 as a thousand, and Compose prints that back; in quotes it stays as it is.
  problems.refuse(node, node.kind === 'scalar' ? 'is no text: put it in quotes' : 'is no text')
  return ''
}

export function readTexts(node: LocatedNode | undefined, problems: Problems): readonly string[] {
  if (!node) return []
  if (node.kind === 'list') return node.items.map(item => readText(item, problems))
  problems.refuse(node, 'is no list')
  return []
}

export function readInteger(node: LocatedNode, problems: Problems): number {
  if (node.kind === 'scalar' && /^[1-9]\d{0,5}$/.test(node.value)) return Number(node.value)
  problems.refuse(node, 'is no whole number from 1 to 999999')
  return 0
}

/** A list, or one text that is split like a shell's. */
export function readCommand(node: LocatedNode | undefined, problems: Problems): readonly string[] {
  if (!node || isEmpty(node)) return []
  if (node.kind !== 'scalar') return readTexts(node, problems)
  const words = splitWords(readText(node, problems))
  if (!words) problems.refuse(node, 'has a quote or a backslash without an end')
  return words ?? []
}

/** A mapping, or a list of `NAME=value`. */
export function readEnvironment(node: LocatedNode | undefined, problems: Problems): Record<string, string> {
  const environment: Record<string, string> = {}
  if (node?.kind !== 'list') {
    for (const [name, value] of readMapping(node, problems)) environment[name] = readVariable(value, problems)
    return environment
  }
  for (const item of childrenOf(node)) {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(readText(item, problems)) ?? []
    if (name === undefined || value === undefined) problems.refuse(item, 'is not NAME=value')
    else if (Object.hasOwn(environment, name)) problems.refuse(item, 'sets its variable a second time')
    else environment[name] = value
  }
  return environment
}

function readVariable(node: LocatedNode, problems: Problems): string {
  if (node.kind === 'scalar' && node.type === 'number' && String(Number(node.raw)) === node.raw)
    return node.value
  if (!isEmpty(node)) return readText(node, problems)
  problems.refuse(node, 'is no value: Compose would take it from the shell of whoever starts it')
  return ''
}

export function isPort(text: string | undefined): boolean {
  return text !== undefined && /^[1-9]\d{0,4}$/.test(text) && Number(text) <= 65_535
}
