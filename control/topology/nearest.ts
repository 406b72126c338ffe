/** The name that was probably meant: the one fewest edits away, if these are no more than a third of its letters. */
export function nearest(word: string, names: Iterable<string>): string | undefined {
  let best: { readonly name: string; readonly edits: number } | undefined
  for (const name of names) {
    const edits = editDistance(word.toLowerCase(), name.toLowerCase())
    if (edits <= Math.ceil(name.length / 3) && edits < (best?.edits ?? Infinity)) best = { name, edits }
  }
  return best?.name
}

/** How many letters are inserted, removed or changed on the way from one word to the other (Levenshtein). */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1]
    for (let column = 1; column <= to.length; column += 1) {
      const changed = (row[column - 1] ?? 0) + (letter === to[column - 1] ? 0 : 1)
      next.push(Math.min(changed, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[to.length] ?? 0
}
