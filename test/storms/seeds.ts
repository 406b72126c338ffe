/** `1-8` or `3` or `1-8,40`: seeds in that order, each once. */
export function parseSeeds(text: string): readonly number[] {
  const seeds = text.split(',').flatMap(part => {
    const [, first, last = first] = /^([1-9]\d{0,5})(?:-([1-9]\d{0,5}))?$/.exec(part.trim()) ?? []
    const [from, to] = [Number(first), Number(last)]
    if (!(from <= to)) throw new Error(`--seeds is '${text}', not as 1-8 or 3,5,40`)
    return Array.from({ length: to - from + 1 }, (_, index) => from + index)
  })
  return [...new Set(seeds)]
}
