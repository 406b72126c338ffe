/** The path of an up-to-date bundle: the packed one, or one made from this clone's sources. */
export function ensureBundle(root: string): Promise<string>
/** What package-lock.json asks for is there, looked at once for each of its versions, and `npx trib` works here. */
export function ensureDependencies(root: string): void
