import { named, shellWords } from '../output/shell-words.ts'

/** The line that changes a context, to paste: each word of `options` stays one, whatever is in it. */
export function setContextCommand(context: string | undefined, ...options: readonly string[]): string {
  return `npx trib config set-context ${named(context, shellWords(options))}`
}
