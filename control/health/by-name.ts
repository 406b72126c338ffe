/**
 * What stands under names that other people gave. Only what was put in is found: in a plain object there is always
 * something under `constructor`, and nothing can be put under `__proto__`.
 */
export function byName<T>(entries: Iterable<readonly [name: string, value: T]> = []): Record<string, T> {
  const found: Record<string, T> = Object.create(null)
  for (const [name, value] of entries) found[name] = value
  return found
}
