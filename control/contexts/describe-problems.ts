import * as yaml from 'yaml'
import * as z from 'zod'
import { nearest } from '../topology/nearest.ts'

type Path = readonly PropertyKey[]

interface Problem {
  readonly path: Path
  /** Goes on after the path: `is refused: unknown key`. */
  readonly sentence: string
  readonly hint?: string | undefined
}

/** What zod found, in our words. Values stay out of it: one may be a secret. */
export function describeProblems(schema: z.ZodType, error: z.ZodError): readonly Problem[] {
  return error.issues.flatMap((issue): Problem[] => {
    const { path } = issue
    switch (issue.code) {
      case 'unrecognized_keys':
        return issue.keys.map(key => {
          const meant = nearest(key, keysAt(schema, path))
          return {
            path: [...path, key],
            sentence: `is refused: unknown key${meant ? `; did you mean "${meant}"?` : `; known are ${keysAt(schema, path).join(', ')}`}`,
            hint: meant && `write "${meant}" instead of "${key}"`,
          }
        })
      case 'invalid_key':
        return [{ path, sentence: issue.issues[0]?.message ?? issue.message }]
      case 'invalid_value':
        return [{ path, sentence: `must be one of ${issue.values.join(', ')}` }]
      case 'invalid_type':
        // Where our schema has words of its own for it, zod's are not in the message.
        return [
          {
            path,
            sentence: issue.message.startsWith('Invalid input')
              ? `must be ${words[issue.expected] ?? issue.expected}`
              : issue.message,
          },
        ]
      default:
        return [{ path, sentence: issue.message }]
    }
  })
}

const words: Readonly<Record<string, string>> = {
  string: 'a text',
  array: 'a list: [first, second]',
  object: 'a mapping of keys to values',
  record: 'a mapping of names to values',
  boolean: 'true or false',
}

/** `contexts.prod.kafka.bootstrap[0]` */
export function textOfPath(path: Path): string {
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index > 0 ? '.' : ''}${String(part)}`))
    .join('')
}

/** The node that a path leads to, a key where there is one; else the last one on the way. */
export function nodeAt(document: yaml.Document.Parsed, path: Path): yaml.Node | null {
  let found: yaml.Node | null = document.contents
  let at: unknown = document.contents
  for (const part of path) {
    if (yaml.isAlias(at)) at = at.resolve(document)
    if (yaml.isMap(at)) {
      const pair: yaml.Pair | undefined = at.items.find(
        ({ key }) => yaml.isScalar(key) && String(key.value) === String(part),
      )
      if (!pair) return found
      found = yaml.isNode(pair.key) ? pair.key : found
      at = pair.value
    } else if (yaml.isSeq(at)) {
      at = at.items[Number(part)]
      if (yaml.isNode(at)) found = at
    } else return found
  }
  return found
}

/** The keys that a schema knows where a path leads. */
function keysAt(schema: z.ZodType, path: Path): readonly string[] {
  let at: unknown = bare(schema)
  for (const part of path) {
    if (at instanceof z.ZodObject) at = bare(at.shape[String(part)])
    else if (at instanceof z.ZodRecord) at = bare(at.valueType)
    else return []
  }
  return at instanceof z.ZodObject ? Object.keys(at.shape) : []
}

function bare(schema: unknown): unknown {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return bare(schema.unwrap())
  return schema
}
