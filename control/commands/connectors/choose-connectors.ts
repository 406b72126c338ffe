import type { Connector } from '../../connect/connect-api.ts'
import { messageOf, TribError } from '../../errors/trib-error.ts'
import { nearest } from '../../topology/nearest.ts'

interface ChooseOptions {
  readonly names: readonly string[]
  /** The names are patterns, each matching whole names. */
  readonly isRegexp: boolean
  /** What to do when no name is given; a command that changes something wants one. (Default: all) */
  readonly whenNone?: 'all' | 'refuse'
}

/** The connectors meant; a name that is not deployed is refused with the nearest one, before anything is done. */
export function chooseConnectors(
  live: readonly Connector[],
  { names, isRegexp, whenNone = 'all' }: ChooseOptions,
): readonly Connector[] {
  if (names.length === 0 && whenNone === 'refuse') {
    throw new TribError('USAGE', 'no connector was named, and none is not all', {
      hint: 'npx trib get connectors',
    })
  }
  if (names.length === 0) return live
  if (!isRegexp) return [...new Set(names)].map(name => findConnector(live, name))
  const patterns = names.map(toPattern)
  const chosen = live.filter(({ name }) => patterns.some(pattern => pattern.test(name)))
  if (chosen.length === 0) throw unknown(`no connector's name matches ${names.join(' or ')}`, live)
  return chosen
}

export function findConnector(live: readonly Connector[], name: string): Connector {
  const found = live.find(one => one.name === name)
  if (found) return found
  const guess = nearest(
    name,
    live.map(one => one.name),
  )
  throw unknown(`there is no connector '${name}'${guess ? `; did you mean '${guess}'?` : ''}`, live)
}

function unknown(sentence: string, live: readonly Connector[]): TribError {
  const names = live.map(({ name }) => name)
  const hint =
    names.length === 0
      ? 'none is deployed; npx trib apply -f FILE makes one'
      : names.length <= 10
        ? `connectors: ${names.join(', ')}`
        : 'npx trib get connectors'
  return new TribError('CONNECTOR_UNKNOWN', sentence, { hint })
}

function toPattern(text: string): RegExp {
  try {
    // By itself first: `a)|(b` is one only inside our parentheses, and means something else there.
    return new RegExp(`^(?:${new RegExp(text, 'u').source})$`, 'u')
  } catch (error) {
    const reason = messageOf(error).replace(`Invalid regular expression: /${text}/u: `, '')
    throw new TribError('USAGE', `'${text}' is no pattern: ${reason}`, {
      hint: 'a pattern is a regular expression and matches whole names: .*-source',
      cause: error,
    })
  }
}
