/** What a terminal acts upon, but for the ends of lines and tabs; and what turns the direction of the text around it. */
const acting = /(?![\n\t])[\p{Cc}\p{Bidi_Control}]/gu

/**
 * A text of somebody else (a row's value, a trace, a name) as it may be printed: an escape sequence is shown, not
 * obeyed. Written as in JSON, so that a document means the same afterwards.
 */
export function visible(text: string): string {
  return text.replace(acting, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** The same for what must stay on one line, such as a cell of a table. */
export function visibleLine(text: string): string {
  return visible(text).replaceAll('\n', '\\n').replaceAll('\t', '\\t')
}
