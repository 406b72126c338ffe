const collator = new Intl.Collator('en', { numeric: true })

/** `source-9` before `source-10`. */
export const byName = (one: { readonly name: string }, other: { readonly name: string }): number =>
  collator.compare(one.name, other.name)
