/** A place in the file, and the path of keys that leads there: `services.connect.ports[0]`. */
export interface Place {
  readonly path: string
  readonly line: number
  readonly column: number
}

export interface ScalarNode extends Place {
  readonly kind: 'scalar'
  readonly type: 'string' | 'number' | 'boolean' | 'null'
  /** With its variables filled in; may hold a secret, so it never stands in a message. */
  readonly value: string
  /** As the file has it: what messages show. */
  readonly raw: string
}

export interface ListNode extends Place {
  readonly kind: 'list'
  readonly items: readonly LocatedNode[]
}

export interface MappingNode extends Place {
  readonly kind: 'mapping'
  readonly entries: ReadonlyMap<string, LocatedNode>
}

/** A value of the file that knows where it stands; aliases, merge keys and variables are already resolved. */
export type LocatedNode = ScalarNode | ListNode | MappingNode

export function childrenOf(node: LocatedNode): readonly LocatedNode[] {
  if (node.kind === 'list') return node.items
  return node.kind === 'mapping' ? [...node.entries.values()] : []
}

/** The value under a key, or undefined where the node is no mapping or lacks the key. */
export function child(node: LocatedNode | undefined, key: string): LocatedNode | undefined {
  return node?.kind === 'mapping' ? node.entries.get(key) : undefined
}

export function isExtension(key: string): boolean {
  return key.startsWith('x-')
}

/** The value as the file has it, on one line, without what variables hold. */
export function rawTextOf(node: LocatedNode): string {
  switch (node.kind) {
    case 'scalar':
      return node.raw.replace(/\s+/g, ' ')
    case 'list':
      return `[${node.items.map(rawTextOf).join(', ')}]`
    case 'mapping':
      return `{${[...node.entries].map(([key, value]) => `${key}: ${rawTextOf(value)}`).join(', ')}}`
  }
}
