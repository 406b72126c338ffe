import { TribError } from '../errors/trib-error.ts'
import { childrenOf, type LocatedNode, type Place, rawTextOf } from './located-node.ts'

/** Everything wrong with one compose file, so that a person mends it in one go. */
export interface Problems {
  /** `sentence` goes on after the path: `is refused: …`. */
  add(place: Place, sentence: string, hint?: string): void
  /** A value that cannot stand; silent where a part of it is already reported. */
  refuse(node: LocatedNode, reason: string, hint?: string): void
  isEmpty(): boolean
  /** Throws the error that tells them all. */
  raise(): never
}

interface Problem {
  readonly place: Place
  readonly sentence: string
  readonly hint: string | undefined
}

export function collectProblems(file: string): Problems {
  const problems: Problem[] = []
  const broken = new Set<string>()
  const spot = ({ line, column }: Place) => `${line}:${column}`
  const isBroken = (node: LocatedNode): boolean => broken.has(spot(node)) || childrenOf(node).some(isBroken)

  const add = (place: Place, sentence: string, hint?: string) => {
    // What stands behind an anchor is read once for each use; one mistake is one problem.
    const isKnown = problems.some(known => spot(known.place) === spot(place) && known.sentence === sentence)
    if (!isKnown) problems.push({ place, sentence, hint })
    broken.add(spot(place))
  }
  return {
    add,
    refuse: (node, reason, hint) => {
      if (!isBroken(node)) add(node, `is refused: "${rawTextOf(node)}" ${reason}`, hint)
    },
    isEmpty: () => problems.length === 0,
    raise: () => {
      throw toError(file, problems)
    },
  }
}

/** A screen; one missing variable can be a problem in thirty places. */
const mostShown = 10

function toError(file: string, problems: readonly Problem[]): TribError {
  const sorted = problems.toSorted((a, b) => a.place.line - b.place.line || a.place.column - b.place.column)
  const lines = sorted.map(({ place, sentence }) => {
    const subject = place.path === '' ? '' : `${place.path} `
    return `${file} line ${place.line}: ${subject}${sentence}`
  })
  const more = lines.length - mostShown
  const shown = more > 0 ? [...lines.slice(0, mostShown), `… and ${more} more`] : lines
  const hints = new Set(sorted.flatMap(({ hint }) => hint ?? []))
  return new TribError('COMPOSE_INVALID', shown.join('\n'), {
    hint: hints.size === 0 ? undefined : [...hints].join('\n'),
  })
}
