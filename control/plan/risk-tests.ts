import { splitList } from './effective-config.ts'
import type { ChangedKey } from './risk-of.ts'

/** How much a mode reads when it starts: nothing, once, whenever it sees a need, every time. */
const eagerness: Readonly<Record<string, number>> = {
  never: 0,
  no_data: 0,
  schema_only: 0,
  recovery: 0,
  schema_only_recovery: 0,
  initial: 1,
  initial_only: 1,
  when_needed: 2,
  configuration_based: 2,
  custom: 2,
  always: 3,
}

/** Debezium's default is `initial`; what a mode unknown here does is up to it. */
const eagernessOf = (mode = 'initial') => eagerness[mode.toLowerCase()] ?? 2

export const readsMore = (from: string | undefined, to: string | undefined) =>
  eagernessOf(to) > eagernessOf(from)

export const readsNoRows = (mode: string | undefined) => eagernessOf(mode) === 0

/** Parameters that choose a place inside the server; all others only say how to talk to it. */
const placeParameters = /^(currentSchema|options|databaseName|replicaSet)=/i

/** Whether two URLs lead to the same place: who logs in, and with which parameters, does not matter. */
export function isSameTarget({
  effectiveFrom,
  effectiveTo,
}: Pick<ChangedKey, 'effectiveFrom' | 'effectiveTo'>) {
  if (effectiveFrom === undefined || effectiveTo === undefined) return false
  return targetOf(effectiveFrom) === targetOf(effectiveTo)
}

function targetOf(url: string): string {
  const [address = '', query = ''] = url.split(/\?(.*)/s)
  const place = query.split('&').filter(parameter => placeParameters.test(parameter))
  return [address.replace(/(?<=:\/\/)[^/@]*@/, ''), ...place.sort()].join('\n')
}

/** Whether references are all that differs, so that both may stand for the same place. */
export function isOnlyWrittenAnew(changed: ChangedKey): boolean {
  const { from, to } = changed
  if (from === undefined || to === undefined || isSameTarget(changed)) return false
  if (!from.includes('${') && !to.includes('${')) return false
  const [before, after] = [targetOf(from), targetOf(to)]
  return asPattern(before).test(after) || asPattern(after).test(before)
}

/** A text in which a reference stands for anything. */
function asPattern(text: string): RegExp {
  const literals = text.split(/\$\{[^}]*\}/).map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${literals.join('.*')}$`, 's')
}

/** Transforms that change the topic, and so the table. */
const routers = /Router(\$\w+)?$|CollectionNameTransformation(\$\w+)?$/

/** A router's keys that decide where a record goes. */
const routingKey =
  /^(type|predicate|negate|regex|replacement|(route\.)?topic\.(regex|replacement|format|expression)|route\.by\.field|collection\.naming\..*|timestamp\.format)$/

export function isRouting(changed: ChangedKey): boolean {
  if (changed.key === 'transforms') {
    const before = routersOf(changed.effectiveFrom, changed.before)
    return before.join() !== routersOf(changed.effectiveTo, changed.after).join()
  }
  const [, alias = '', rest = ''] = /^transforms\.([^.]+)\.(.+)$/.exec(changed.key) ?? []
  const types = [changed.before, changed.after].map(value => value(`transforms.${alias}.type`) ?? '')
  return routingKey.test(rest) && types.some(type => routers.test(type))
}

function routersOf(list = '', value: ChangedKey['before']): readonly string[] {
  return splitList(list).filter(alias => routers.test(value(`transforms.${alias}.type`) ?? ''))
}
