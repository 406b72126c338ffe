import { isDeepStrictEqual } from 'node:util'
import * as yaml from 'yaml'
import { messageOf, TribError } from '../errors/trib-error.ts'
import { shellWord } from '../output/shell-words.ts'
import { type Context, contextFileSchema } from './context.ts'
import { describeProblems, nodeAt, textOfPath } from './describe-problems.ts'

/** What the file says; a missing file says nothing. */
export interface ContextFile {
  /** The context that is used when no other is asked for; may name one that is not there. */
  readonly current: string | undefined
  readonly contexts: ReadonlyMap<string, Context>
}

export const noContexts: ContextFile = { current: undefined, contexts: new Map() }

/** As many as fit a screen. */
const mostShown = 10

/** Reads the text of the file; `path` is what messages call it. */
export function parseContexts(text: string, path: string): ContextFile {
  return parse(text, path).file
}

/** The text with the change in it; comments, order and what did not change stay as they are. */
export function editContexts(text: string, after: ContextFile, path: string): string {
  const { document } = parse(text, path)
  const wanted = toPlain(after)
  try {
    if (document.contents === null) document.contents = yaml.parseDocument('{}').contents
    if (yaml.isMap(document.contents)) document.contents.flow = false
    writeInto(document, [], document.toJS(), wanted)
    const edited = document.toString({ lineWidth: 0 })
    // An alias stands for several entries at once: changing one through it would change them all.
    if (isDeepStrictEqual(toPlain(parse(edited, path).file), wanted)) return edited
  } catch (error) {
    throw cannotEdit(path, error)
  }
  throw cannotEdit(path)
}

function parse(
  text: string,
  path: string,
): { readonly document: yaml.Document.Parsed; readonly file: ContextFile } {
  const lines = new yaml.LineCounter()
  const document = yaml.parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const [fault] = [...document.errors, ...document.warnings]
  if (fault) {
    const { line, col } = lines.linePos(fault.pos[0])
    // The parser quotes what it stumbled over, which may be a secret in the wrong place.
    const reason = fault.message.replace(/: ".*"$/s, '')
    throw new TribError('CONTEXT_INVALID', `${path} line ${line}, column ${col}: not YAML: ${reason}`)
  }
  const parsed = contextFileSchema.safeParse(toValue(document, path) ?? {})
  if (parsed.success) {
    const { current, contexts } = parsed.data
    return { document, file: { current, contexts: new Map(Object.entries(contexts ?? {})) } }
  }
  const problems = describeProblems(contextFileSchema, parsed.error)
    .map(problem => ({
      ...problem,
      line: lines.linePos(nodeAt(document, problem.path)?.range?.[0] ?? 0).line,
    }))
    .toSorted((a, b) => a.line - b.line)
    .slice(0, mostShown)
  const sentences = problems.map(problem => {
    const subject = textOfPath(problem.path)
    return `${path} line ${problem.line}: ${subject || 'the file'} ${problem.sentence}`
  })
  const hints = problems.flatMap(({ hint }) => hint ?? [])
  throw new TribError('CONTEXT_INVALID', sentences.join('\n'), { hint: hints.join('\n') || undefined })
}

function toValue(document: yaml.Document, path: string): unknown {
  try {
    return document.toJS()
  } catch (error) {
    throw new TribError('CONTEXT_INVALID', `${path} cannot be used: ${messageOf(error)}`, { cause: error })
  }
}

function toPlain({ current, contexts }: ContextFile): unknown {
  return JSON.parse(JSON.stringify({ current, contexts: Object.fromEntries(contexts) }))
}

function writeInto(document: yaml.Document, path: readonly string[], before: unknown, after: unknown): void {
  if (isDeepStrictEqual(before, after)) return
  if (!isMapping(before) || !isMapping(after)) {
    document.setIn(path, typeof after === 'object' ? createNode(document, after) : after)
    return
  }
  for (const key of Object.keys(before)) if (!(key in after)) document.deleteIn([...path, key])
  for (const [key, value] of Object.entries(after)) writeInto(document, [...path, key], before[key], value)
}

/** One line for what is one thought: a list of addresses, a reference to a secret. */
function createNode(document: yaml.Document, value: unknown): yaml.Node {
  const node = document.createNode(value)
  yaml.visit(node, {
    Collection: (_key, collection) => {
      collection.flow = yaml.isSeq(collection) || collection.items.length === 0 || isReference(collection)
    },
  })
  return node
}

function isReference({ items }: yaml.YAMLMap | yaml.YAMLSeq): boolean {
  const [first] = items
  return (
    yaml.isPair(first) && ['env', 'file', 'command'].includes(String(first.key)) && yaml.isScalar(first.value)
  )
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function cannotEdit(path: string, cause?: unknown): TribError {
  const sentence = `${path} cannot be changed by a command: what would change stands behind an alias (*name)`
  return new TribError('CONTEXT_INVALID', sentence, {
    hint: `change it by hand: \${EDITOR:-vi} ${shellWord(path)}`,
    cause,
  })
}
