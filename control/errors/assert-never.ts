/** Closes a union: adding a kind without handling it everywhere no longer compiles. */
export function assertNever(value: never): never {
  throw new Error(`unhandled case: ${JSON.stringify(value)}`)
}
