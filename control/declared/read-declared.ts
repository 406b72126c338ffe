import { basename } from 'node:path'
import type { Place } from '../topology/located-node.ts'
import type { DeclaredConnector, Origin } from './declared-connector.ts'
import type { DeclaredTopic } from './declared-topic.ts'
import { findFiles, type InputFile } from './find-files.ts'
import {
  type AddProblem,
  collectInputProblems,
  type InputProblems,
  placeText,
  type Spot,
} from './input-problems.ts'
import { parseText } from './parse-text.ts'
import { readDocument } from './read-document.ts'
import { type ByteSource, readTextFile, readTextStream } from './read-text.ts'
import type { Draft, TopicDraft } from './shapes/shape.ts'

export interface ReadDeclaredOptions {
  /** What `-f` names: files, folders, `-` for standard input. */
  readonly paths: readonly string[]
  /** What `-n` names: the name of a config that has none. */
  readonly name?: string | undefined
  /** Called once, where `-` is named: `() => process.stdin`. */
  readonly readStdin: () => ByteSource
  readonly cwd: string
}

export interface Declared {
  /** As the files come, each name once. */
  readonly connectors: readonly DeclaredConnector[]
  /** Those that stand among them as KafkaTopic, each name once. */
  readonly topics: readonly DeclaredTopic[]
  /** What was left out, one sentence each. */
  readonly notes: readonly string[]
}

/** Reads every connector that the paths declare, or throws one error that names all that is wrong with them. */
export async function readDeclared(options: ReadDeclaredOptions): Promise<Declared> {
  const { paths, cwd } = options
  const problems = collectInputProblems()
  const notes: string[] = []
  const topics: DeclaredTopic[] = []
  const connectors: DeclaredConnector[] = []
  for (const input of await findFiles(paths, { cwd, problems })) {
    connectors.push(...(await readFile(input, { ...options, problems, notes, topics })))
  }
  reportTwins('connector', connectors, problems)
  reportTwins('topic', topics, problems)
  if (problems.isEmpty() && connectors.length + topics.length === 0) {
    const where =
      paths.length === 0 ? 'no file is named' : `${paths.join(', ')}: no connector is declared there`
    problems.add(
      where,
      undefined,
      notes.join('; ') || 'nothing to read',
      paths.length === 0 ? '-f FILE' : undefined,
    )
  }
  return problems.isEmpty() ? { connectors, topics, notes } : problems.raise()
}

interface FileOptions extends ReadDeclaredOptions {
  readonly problems: InputProblems
  readonly notes: string[]
  readonly topics: DeclaredTopic[]
}

async function readFile(
  { file, path }: InputFile,
  { name, readStdin, problems, notes, topics }: FileOptions,
): Promise<readonly DeclaredConnector[]> {
  const add: AddProblem = (spot, sentence, hint) => problems.add(file, spot, sentence, hint)
  const text = path === undefined ? await readTextStream(readStdin(), add) : await readTextFile(path, add)
  const documents = text === undefined ? undefined : parseText(text, { file, add })
  if (!documents) return []
  if (documents.length === 0) add(undefined, 'is empty')
  const note = (spot: Spot, sentence: string) =>
    notes.push(
      `${placeText(file, { line: spot.line })}: ${spot.path === '' ? '' : `${spot.path} `}${sentence}`,
    )
  const noteOnce = (spot: Spot, sentence: string) => {
    if (!notes.some(known => known.endsWith(sentence))) note(spot, sentence)
  }
  const lineFor = (place: Place) =>
    documents.length === 1 && place === documents[0] ? undefined : place.line
  const topic = ({ place, ...draft }: TopicDraft) => {
    topics.push({ ...draft, origin: { file, line: lineFor(place) } })
  }
  const drafts = documents.flatMap(node => readDocument(node, { add, note, noteOnce, topic }))
  const isAlone = documents.length === 1 && drafts[0]?.place === documents[0]
  const fallback =
    name ??
    (isAlone && path !== undefined && !isPipe(path) ? basename(file).replace(/\.[^.]+$/, '') : undefined)
  return drafts.flatMap(draft => {
    const named = nameOf(draft, { option: name, fallback, add })
    if (named === undefined) return []
    const { config, state, place } = draft
    return [{ name: named, config, state, origin: { file, line: lineFor(place) } }]
  })
}

interface NameOptions {
  readonly option: string | undefined
  readonly fallback: string | undefined
  readonly add: AddProblem
}

function nameOf({ name: own, place }: Draft, { option, fallback, add }: NameOptions): string | undefined {
  const name = own ?? fallback
  if (name === undefined) {
    add(place, 'has no name', 'write "name": "NAME" into it, or say -n NAME where it is the only one')
    return undefined
  }
  if (own !== undefined && option !== undefined && own !== option)
    add(
      place,
      `the name ${JSON.stringify(own)} is not ${JSON.stringify(option)}, which -n says`,
      'leave -n away',
    )
  // Connect removes the white space around a name and refuses control characters and nothing at all.
  if (name.trim() === '') add(place, 'has an empty name')
  else if (name.trim() !== name) add(place, `white space stands around the name ${JSON.stringify(name)}`)
  else if (/\p{Cc}/u.test(name)) add(place, `a control character stands in the name ${JSON.stringify(name)}`)
  return name
}

function reportTwins(
  what: string,
  declared: readonly { readonly name: string; readonly origin: Origin }[],
  problems: InputProblems,
): void {
  const first = new Map<string, Origin>()
  for (const { name, origin } of declared) {
    const twin = first.get(name)
    first.set(name, twin ?? origin)
    if (!twin) continue
    const where = placeText(twin.file, lineOf(twin))
    problems.add(
      origin.file,
      lineOf(origin),
      `the ${what} "${name}" is declared a second time, first in ${where}`,
    )
  }
}

const lineOf = ({ line }: Origin): Spot | undefined => (line === undefined ? undefined : { line, path: '' })

/** `<(…)` becomes /dev/fd/63, which is nobody's name. */
const isPipe = (path: string): boolean => /^\/(?:dev|proc)\//.test(path)
