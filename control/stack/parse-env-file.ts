import { TribError } from '../errors/trib-error.ts'
import { type Environment, interpolate } from '../topology/interpolate.ts'

export type EnvValues = Readonly<Record<string, string>>

const blank = /(?:\s|#[^\n]*)+/y
const assignment = /(?:export[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*[=:][ \t]*/y
const singleQuoted = /'((?:[^'\\]|\\.)*)'/sy
const doubleQuoted = /"((?:[^"\\]|\\.)*)"/sy
const unquoted = /[^\n]*/y
const restOfLine = /[ \t]*(?:#[^\n]*)?(?:\r?\n|$)/y

const escapes: EnvValues = {
  n: '\n',
  r: '\r',
  t: '\t',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  $: '$$',
}

/**
 * Reads an env file by the rules of Compose, so that plain `docker compose` sees the same values. Stricter in what
 * would surprise: a name without a value and an unset variable inside a value are errors. No message shows a value.
 */
export function parseEnvFile(text: string, file: string, environment: Environment = {}): EnvValues {
  const values: Record<string, string> = {}
  let at = text.startsWith('\uFEFF') ? 1 : 0
  const take = (pattern: RegExp) => {
    pattern.lastIndex = at
    const found = pattern.exec(text)
    if (found) at = pattern.lastIndex
    return found
  }
  const fail = (start: number, what: string, hint?: string): never => {
    const line = text.slice(0, start).split('\n').length
    throw new TribError('ENV_FILE_INVALID', `${file} line ${line}: ${what}`, { hint })
  }
  const fill = (template: string, start: number): string => {
    const result = interpolate(template, { ...values, ...environment })
    if (result.kind === 'value') return result.value
    return fail(
      start,
      'the value has a "$" that names no variable that is set',
      "put the value in 'single quotes'",
    )
  }

  take(blank)
  while (at < text.length) {
    const start = at
    const name = take(assignment)?.[1] ?? fail(start, 'not NAME=value')
    const quote = text.charAt(at)
    if (quote === "'" || quote === '"') {
      const found = take(quote === "'" ? singleQuoted : doubleQuoted)
      const body = found?.[1] ?? fail(start, 'the quote that opens the value is not closed')
      if (!take(restOfLine)) fail(start, 'something stands behind the closing quote')
      values[name] = quote === "'" ? body.replaceAll("\\'", "'") : fill(withoutEscapes(body), start)
    } else {
      const [value = ''] = take(unquoted)?.[0].split(' #') ?? []
      values[name] = fill(value.trimEnd(), start)
    }
    take(blank)
  }
  return values
}

function withoutEscapes(body: string): string {
  return body.replace(/\\(.)/gs, (whole, char: string) => (char === '"' ? '"' : (escapes[char] ?? whole)))
}
