import { readFileSync } from 'node:fs'
import * as z from 'zod'
import { messageOf, TribError } from '../errors/trib-error.ts'
import { shellWord } from '../output/shell-words.ts'
import type { Revision } from './history.ts'

const entrySchema = z.object({
  /** Tells apart what two processes wrote at once. */
  id: z.string(),
  at: z.string(),
  name: z.string(),
  kind: z.enum(['create', 'configure', 'set-state', 'restart', 'delete', 'patch', 'rollback', 'found']),
  config: z.record(z.string(), z.string()).optional(),
  state: z.enum(['running', 'paused', 'stopped']).optional(),
  by: z.string().optional(),
  isMasked: z.boolean(),
})

export type HistoryEntry = z.infer<typeof entrySchema>

/** How a line begins whose predecessor was cut off as its writer ended: that one is ignored, and no damage. */
const afterTorn = '{"isAfterTorn":true,'

export function formatLine(entry: HistoryEntry, { isAfterTorn }: { readonly isAfterTorn: boolean }): string {
  const text = JSON.stringify(entry)
  return isAfterTorn ? `\n${afterTorn}${text.slice(1)}\n` : `${text}\n`
}

/** A line with its revision's number: what stands in it, or what is wrong with it. */
export type HistoryLine =
  | { readonly revision: number; readonly entry: HistoryEntry }
  | { readonly revision: number; readonly damage: TribError }

/** The lines in the order in which they were written; none if there is no file. */
export function readHistoryFile(path: string): readonly HistoryLine[] {
  const text = readText(path)
  const lines = text
    .split('\n')
    .map((line, index) => ({ number: index + 1, entry: parseEntry(line), line }))
    .filter(({ line }) => line.trim() !== '')
  return lines
    .filter(({ entry }, index) => {
      const next = lines[index + 1]
      return entry !== undefined || (next ? !next.line.startsWith(afterTorn) : text.endsWith('\n'))
    })
    .map(({ number, entry }, index) => {
      const revision = index + 1
      return entry ? { revision, entry } : { revision, damage: damageOf(path, number) }
    })
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw new TribError('HISTORY_FAILED', `the history ${path} cannot be read: ${messageOf(error)}`, {
      hint: `ls -l ${shellWord(path)}`,
      cause: error,
    })
  }
}

function parseEntry(line: string): HistoryEntry | undefined {
  try {
    return entrySchema.parse(JSON.parse(line))
  } catch {
    return undefined
  }
}

function damageOf(path: string, number: number): TribError {
  return new TribError(
    'HISTORY_FAILED',
    `line ${number} of the history ${path} is damaged: it is no revision`,
    {
      hint: `look at it with: sed -n ${number}p ${shellWord(path)}`,
    },
  )
}

/** The revision in a line; throws where the line is damaged. */
export function lineOf(line: HistoryLine): Revision {
  if ('damage' in line) throw line.damage
  const { at, name, kind, config, state, by, isMasked } = line.entry
  return { revision: line.revision, at, name, kind, config, state, by, isMasked }
}

export const allLines = (lines: readonly HistoryLine[]): readonly Revision[] => lines.map(lineOf)
