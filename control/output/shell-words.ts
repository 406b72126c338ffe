/** What needs no quotes in any POSIX shell. */
const plain = /^[\w@%+=:,./-]+$/
/** What a terminal would act upon, and what turns the direction of the text around it: not to be printed as it is. */
const unprintable = /(?:(?!\n)[\p{Cc}\p{Bidi_Control}])+/u

/**
 * A text as one word of a command that is pasted. Whoever names a connector, a table or a file must not write the line
 * that somebody else runs: nothing in it is special to a shell, or to the terminal that shows it.
 */
export function shellWord(text: string): string {
  if (plain.test(text)) return text
  if (unprintable.test(text))
    return text
      .split(new RegExp(`(${unprintable.source})`, 'u'))
      .map(part)
      .join('')
  if (!text.includes("'")) return `'${text}'`
  // SQL with its own quotes reads better so; what is special between double quotes does not stand there.
  return /[\\$`!]/.test(text) ? part(text) : `"${text.replaceAll('"', '\\"')}"`
}

export function shellWords(texts: readonly string[]): string {
  return texts.map(shellWord).join(' ')
}

/** The names that a command is about, and its options. A name that begins with a dash would be an option, too. */
export function named(names: string | undefined | readonly string[], options = ''): string {
  const all = typeof names === 'object' ? names : [names ?? 'NAME']
  const words = shellWords(all)
  const parts = all.some(name => name.startsWith('-')) ? [options, '--', words] : [words, options]
  return parts.filter(Boolean).join(' ')
}

function part(text: string): string {
  if (text === '') return ''
  if (!unprintable.test(text)) return `'${text.replaceAll("'", `'\\''`)}'`
  const bytes = [...Buffer.from(text)].map(byte => `\\${byte.toString(8).padStart(3, '0')}`)
  return `"$(printf '${bytes.join('')}')"`
}
