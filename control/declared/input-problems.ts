import { TribError } from '../errors/trib-error.ts'

/** Where something stands; `path` leads there: `spec.config.topics`. */
export interface Spot {
  readonly line: number
  readonly path: string
  /** Told for mistakes in the signs themselves, where the line alone does not show them. */
  readonly signAt?: number
}

/** Everything wrong with what `-f` names, so that a person mends it in one go. */
export interface InputProblems {
  /** `sentence` goes on after the path: `is refused: …`. */
  add(file: string, spot: Spot | undefined, sentence: string, hint?: string): void
  isEmpty(): boolean
  /** Throws the error that tells them all. */
  raise(): never
}

/** The same, for one file. */
export type AddProblem = (spot: Spot | undefined, sentence: string, hint?: string) => void

interface Problem {
  readonly file: string
  readonly line: number
  readonly text: string
  readonly hint: string | undefined
}

/** A folder that holds something else altogether would fill the terminal. */
const mostShown = 100

export function collectInputProblems(): InputProblems {
  const problems: Problem[] = []
  const known = new Set<string>()
  return {
    add: (file, spot, sentence, hint) => {
      const text = `${placeText(file, spot)}: ${spot?.path ? `${spot.path} ` : ''}${sentence}`
      // What stands behind a YAML anchor is read once for each use; one mistake is one problem.
      if (known.has(text)) return
      known.add(text)
      problems.push({ file, line: spot?.line ?? 0, text, hint })
    },
    isEmpty: () => problems.length === 0,
    raise: () => {
      throw toError(problems)
    },
  }
}

export function placeText(file: string, spot: Omit<Spot, 'path'> | undefined): string {
  if (!spot) return file
  return `${file} line ${spot.line}${spot.signAt === undefined ? '' : `, column ${spot.signAt}`}`
}

function toError(problems: readonly Problem[]): TribError {
  const files = new Map([...new Set(problems.map(({ file }) => file))].map((file, index) => [file, index]))
  const order = ({ file }: Problem) => files.get(file) ?? 0
  const sorted = problems.toSorted((a, b) => order(a) - order(b) || a.line - b.line)
  const more = sorted.length - mostShown
  const lines = sorted.slice(0, mostShown).map(({ text }) => text)
  const hints = new Set(sorted.slice(0, mostShown).flatMap(({ hint }) => hint ?? []))
  return new TribError('INPUT_INVALID', [...lines, ...(more > 0 ? [`… and ${more} more`] : [])].join('\n'), {
    hint: hints.size === 0 ? undefined : [...hints].join('\n'),
  })
}
