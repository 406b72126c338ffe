// One piece of a word: plain, 'as it is', "with escapes", or one character behind a backslash.
const piece = /([^\s'"\\]+)|'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)/gsy

/** Splits a command as a shell does, without running or expanding anything; undefined where a quote stays open. */
export function splitWords(text: string): readonly string[] | undefined {
  const words: string[] = []
  let word: string | undefined
  let at = 0
  while (at < text.length) {
    piece.lastIndex = at
    const found = piece.exec(text)
    if (found) {
      const [, plain, single, double, escaped] = found
      word = (word ?? '') + (plain ?? single ?? double?.replace(/\\(["\\$`])/g, '$1') ?? escaped ?? '')
      at = piece.lastIndex
    } else if (/\s/.test(text.charAt(at))) {
      if (word !== undefined) words.push(word)
      word = undefined
      at += 1
    } else return undefined
  }
  return word === undefined ? words : [...words, word]
}
