/** Numbers in [0, 1) that are the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** The same values in another order. */
export function shuffled<T>(values: readonly T[], random: () => number): readonly T[] {
  const dealt = [...values]
  for (let last = dealt.length - 1; last > 0; last -= 1) {
    const at = Math.floor(random() * (last + 1))
    const taken = dealt[last] as T
    dealt[last] = dealt[at] as T
    dealt[at] = taken
  }
  return dealt
}
