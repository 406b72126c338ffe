import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { messageOf, TribError } from '../errors/trib-error.ts'
import { shellWord } from '../output/shell-words.ts'
import type { Stack } from './stack.ts'

const stateSchema = z.object({
  engine: z.enum(['docker', 'native']),
  /** Active since some `up`. */
  profiles: z.array(z.string()).readonly(),
  version: z.string(),
  createdAt: z.string(),
})

/** What later commands need to know of a stack that was brought up: which engine holds it. */
export type StackState = z.infer<typeof stateSchema>

export function readStackState(stack: Stack): StackState | undefined {
  try {
    return stateSchema.parse(JSON.parse(readFileSync(stateFile(stack), 'utf8')))
  } catch {
    return undefined
  }
}

/** All that has to stay in it, whatever a newer version writes. */
const versionSchema = z.looseObject({ version: z.string() })

/** Which version brought the stack up last; undefined: none did. A file that does not say it may be a newer one's. */
export function readStackVersion(stack: Stack): string | undefined {
  const path = stateFile(stack)
  if (!existsSync(path)) return undefined
  const { data, reason = 'it names no version' } = parse(path)
  const { data: known } = versionSchema.safeParse(data)
  if (known) return known.version
  throw new TribError(
    'STATE_UNREADABLE',
    `which version brought the stack '${stack.name}' up last is not known: ${path} cannot be read (${reason}); nothing was touched`,
    { hint: `put that file back; or, where it was this version: rm ${shellWord(path)} && npm run up` },
  )
}

function parse(path: string): { readonly data?: unknown; readonly reason?: string } {
  try {
    return { data: JSON.parse(readFileSync(path, 'utf8')) }
  } catch (error) {
    return { reason: messageOf(error) }
  }
}

const stateFile = ({ folder }: Stack): string => join(folder, 'stack.json')

export function writeStackState(stack: Stack, state: StackState): void {
  mkdirSync(stack.folder, { recursive: true })
  const path = stateFile(stack)
  writeFileSync(`${path}.new`, `${JSON.stringify(state, undefined, 2)}\n`)
  renameSync(`${path}.new`, path)
}
