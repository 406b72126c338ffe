export type Environment = Readonly<Record<string, string | undefined>>

export type Interpolation =
  | { readonly kind: 'value'; readonly value: string }
  | { readonly kind: 'missing'; readonly variables: readonly MissingVariable[] }
  | { readonly kind: 'invalid'; readonly reason: string }

export interface MissingVariable {
  readonly name: string
  /** What the file says about it: the text of `${NAME:?text}`, or nothing. */
  readonly message: string
}

type Operator = ':-' | '-' | ':?' | '?' | ':+' | '+'

type Part = string | Reference

interface Reference {
  readonly name: string
  readonly operator: Operator | undefined
  readonly operand: readonly Part[]
  readonly operandText: string
}

/**
 * Fills variables into a text by the rules of Compose, with one difference: an unset variable without a default
 * is missing, where Compose warns and goes on with an empty text, and a broker listens on no port at all.
 */
export function interpolate(text: string, environment: Environment): Interpolation {
  const parts = parseTemplate(text)
  if (parts instanceof InvalidTemplate) return { kind: 'invalid', reason: parts.message }
  const variables: MissingVariable[] = []
  const value = fill(parts, environment, variables)
  return variables.length === 0 ? { kind: 'value', value } : { kind: 'missing', variables }
}

/** The names of the variables that a text uses, each once, those inside defaults too. */
export function variablesIn(text: string): readonly string[] {
  const parts = parseTemplate(text)
  return parts instanceof InvalidTemplate ? [] : [...new Set(namesOf(parts))]
}

function namesOf(parts: readonly Part[]): readonly string[] {
  return parts.flatMap(part => (typeof part === 'string' ? [] : [part.name, ...namesOf(part.operand)]))
}

function fill(parts: readonly Part[], environment: Environment, missing: MissingVariable[]): string {
  const fillOne = ({ name, operator, operand, operandText }: Reference): string => {
    const value = environment[name]
    // The colon makes an empty value count as unset.
    const isSet = value !== undefined && (value !== '' || !operator?.startsWith(':'))
    switch (operator?.at(-1)) {
      case '-':
        return isSet ? (value ?? '') : fill(operand, environment, missing)
      case '+':
        return isSet ? fill(operand, environment, missing) : ''
      default:
        if (!isSet) missing.push({ name, message: operandText })
        return value ?? ''
    }
  }
  return parts.map(part => (typeof part === 'string' ? part : fillOne(part))).join('')
}

class InvalidTemplate extends Error {}

interface Cursor {
  readonly text: string
  at: number
}

function parseTemplate(text: string): readonly Part[] | InvalidTemplate {
  try {
    return parseParts({ text, at: 0 }, { isOperand: false })
  } catch (error) {
    if (error instanceof InvalidTemplate) return error
    throw error
  }
}

function parseParts(cursor: Cursor, { isOperand }: { isOperand: boolean }): readonly Part[] {
  const parts: Part[] = []
  // A default may hold braces of its own, such as `${OPTIONS:-{"a":1}}`.
  let openBraces = 0
  while (cursor.at < cursor.text.length) {
    const char = cursor.text.charAt(cursor.at)
    if (char === '$') {
      parts.push(parseReference(cursor))
      continue
    }
    if (char === '{') openBraces += 1
    if (char === '}' && isOperand && openBraces === 0) return parts
    if (char === '}') openBraces -= 1
    parts.push(char)
    cursor.at += 1
  }
  if (isOperand) throw new InvalidTemplate('a "${" is not closed')
  return parts
}

const escaped = /\$\$/y
const named = /\$([A-Za-z_]\w*)/y
const braced = /\$\{([A-Za-z_]\w*)(:?[-?+])?/y

function parseReference(cursor: Cursor): Part {
  if (match(escaped, cursor)) return '$'
  const plain = match(named, cursor)
  if (plain) return { name: plain[1] ?? '', operator: undefined, operand: [], operandText: '' }
  const start = match(braced, cursor)
  if (!start) throw new InvalidTemplate('a "$" begins a variable; write "$$" for the sign itself')
  const operator = start[2] as Operator | undefined
  const operandStart = cursor.at
  const operand = operator === undefined ? [] : parseParts(cursor, { isOperand: true })
  const operandText = cursor.text.slice(operandStart, cursor.at)
  if (cursor.text.charAt(cursor.at) !== '}') throw new InvalidTemplate('a "${" is not closed')
  cursor.at += 1
  return { name: start[1] ?? '', operator, operand, operandText }
}

function match(pattern: RegExp, cursor: Cursor): RegExpExecArray | null {
  pattern.lastIndex = cursor.at
  const found = pattern.exec(cursor.text)
  if (found) cursor.at = pattern.lastIndex
  return found
}
