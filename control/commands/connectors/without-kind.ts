/** `pause connector NAME` and `pause NAME` mean the same: hands know both. */
export function withoutKind(words: readonly string[], kinds: readonly string[]): readonly string[] {
  const [first = ''] = words
  return words.length > 1 && kinds.includes(first) ? words.slice(1) : words
}
