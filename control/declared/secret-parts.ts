import { isSecretKey, type KeyTypes } from './secret-key.ts'

/** A stretch of a value that is a secret in clear. */
export interface SecretPart {
  readonly start: number
  readonly end: number
  /** The parameter that holds it inside a larger value: `password`; empty where the value itself is the secret. */
  readonly parameter: string
}

/** `${env:X}`, `${file:/p:k}`, `${vault:…}`: any config provider's; `${topic}` has no colon and is none. */
const reference = /\$\{[^{}:]+:[^{}]*\}/g
/** A sign that stands in no config, so that a reference's own colons and slashes mislead no pattern. */
const blank = '\ufffe'

/** Where secrets stand in clear in a value; references are none. In order, none touching another. */
export function secretParts(key: string, value: string, definitions?: KeyTypes): readonly SecretPart[] {
  const text = value.replace(reference, found => blank.repeat(found.length))
  const isSecret = isSecretKey(key, definitions)
  if (isSecret && /LoginModule\s/.test(text)) return literalParts(text, jaasParts(text))
  if (isSecret && !databaseAddress.test(text)) return literalParts(text, [wholePart(key, text)])
  return literalParts(text, urlParts(text))
}

/** MongoDB's connector declares its address as PASSWORD; without credentials in it there is nothing to hide. */
const databaseAddress = /^(?:jdbc:|mongodb(?:\+srv)?:\/\/)/

function wholePart(key: string, text: string): SecretPart {
  const whole = { start: 0, end: text.length, parameter: '' }
  const isPair = /\buser\.info$/.test(key) && text.includes(':')
  if (isPair) return { ...whole, start: text.indexOf(':') + 1 }
  const scheme = /^(?:bearer|basic|token)\s+/i.exec(text)?.[0] ?? ''
  return { ...whole, start: scheme.length }
}

const jaasOption = /([\w.]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^\s;"']+))/dg

function jaasParts(text: string): readonly SecretPart[] {
  return [...text.matchAll(jaasOption)].flatMap(({ 1: parameter = '', indices }) => {
    const [start, end] = indices?.[2] ?? indices?.[3] ?? indices?.[4] ?? [0, 0]
    return isSecretKey(parameter) ? [{ start, end, parameter }] : []
  })
}

/**
 * `//user:PASSWORD@`: up to the last "@" before the path. Behind it the same for a password with a "/" of its own, which
 * is told from a port (`//host:8080/a@b`); the length bounds the search.
 */
const userInfo = /:\/\/[^\s:/?#@]*:((?:[^\s/?#]*|(?!\d+(?:[/?#,]|$))[^\s]{0,500}?))@/dg
const oracleLogin = /^jdbc:oracle:\w+:[^/@\s]*\/([^@\s]*)@/dg
const parameters =
  /[?&;]\s*([\w.-]*(?:password|passwd|pwd|passphrase|secret|token|api[_-]?key|access[_-]?key|account[_-]?key|signature|sig))\s*=\s*(\{[^}]*\}|[^&;#\s]*)/dgi

function urlParts(text: string): readonly SecretPart[] {
  if (!text.includes('://') && !/^jdbc:|;\s*\w+=|^\w+=[^;]*;/i.test(text)) return []
  const logins = [...text.matchAll(userInfo), ...text.matchAll(oracleLogin)].flatMap(({ indices }) =>
    indices?.[1] ? [{ start: indices[1][0], end: indices[1][1], parameter: 'password' }] : [],
  )
  // A leading separator lets `Password=x;Server=y` be found, too.
  const named = [...`;${text}`.matchAll(parameters)].flatMap(({ 1: parameter = '', indices }) =>
    indices?.[2] ? [{ start: indices[2][0] - 1, end: indices[2][1] - 1, parameter }] : [],
  )
  return [...logins, ...named]
}

/** The parts without the references in them, and without the few signs that join references (`${env:A}-${env:B}`). */
function literalParts(text: string, parts: readonly SecretPart[]): readonly SecretPart[] {
  const literal: SecretPart[] = []
  for (const part of parts.toSorted((a, b) => a.start - b.start)) {
    const start = Math.max(part.start, literal.at(-1)?.end ?? 0)
    const inside = text.slice(start, part.end)
    const isMixed = inside.includes(blank)
    for (const { 0: piece, index } of inside.matchAll(new RegExp(`[^${blank}]+`, 'g'))) {
      if (isMixed && !/[\p{L}\p{N}]/u.test(piece)) continue
      literal.push({ start: start + index, end: start + index + piece.length, parameter: part.parameter })
    }
  }
  return literal
}
