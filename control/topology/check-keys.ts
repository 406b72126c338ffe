import { composeKeys, type Section } from './compose-keys.ts'
import { childrenOf, isExtension, type LocatedNode } from './located-node.ts'
import { nearest } from './nearest.ts'
import type { Problems } from './problems.ts'

/** Reports every key, at any depth, that the table refuses or does not know. */
export function checkKeys(node: LocatedNode, section: Section, problems: Problems): void {
  if (node.kind !== 'mapping') return
  for (const [key, value] of node.entries) {
    if (isExtension(key)) continue
    const rule = ruleOf(section, key)
    if (!rule) {
      const meant = nearest(key, Object.keys(composeKeys[section]))
      problems.add(value, 'is refused: unknown key', meant && `write "${meant}" instead of "${key}"`)
    } else if (rule.support === 'refused') problems.add(value, `is refused: ${rule.reason}`)
    else {
      if (rule.keys) checkKeys(value, rule.keys, problems)
      if (rule.memberKeys)
        for (const member of childrenOf(value)) checkKeys(member, rule.memberKeys, problems)
    }
  }
}

/** The keys of a service that concern only containers. */
export function containersOnlyKeys(service: LocatedNode): readonly string[] {
  if (service.kind !== 'mapping') return []
  return [...service.entries.keys()].filter(key => ruleOf('service', key)?.support === 'containers-only')
}

function ruleOf(section: Section, key: string) {
  const rules = composeKeys[section]
  return Object.hasOwn(rules, key) ? rules[key] : undefined
}
