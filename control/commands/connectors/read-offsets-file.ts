import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import * as z from 'zod'
import { messageOf, TribError } from '../../errors/trib-error.ts'
import type { Move } from '../../offsets/plan-offsets.ts'
import { named } from '../../output/shell-words.ts'
import type { Shell } from '../../shell.ts'

const objectSchema = z.record(z.string(), z.unknown())
const offsetSchema = z.object({
  partition: objectSchema,
  offset: objectSchema.nullable(),
  connector: z.string().optional(),
})
const fileSchema = z.union([
  z.array(offsetSchema),
  z.object({ name: z.string().optional(), offsets: z.array(offsetSchema) }),
])

/** What `get offsets -o json` printed, or what was saved before a change; only if it is of this connector. */
export async function readOffsetsFile(shell: Shell, name: string, file: string): Promise<Move> {
  try {
    const content = file === '-' ? await text(shell.stdin()) : readFileSync(file, 'utf8')
    const parsed = fileSchema.parse(JSON.parse(content))
    const rows = Array.isArray(parsed) ? parsed : parsed.offsets
    const owner = Array.isArray(parsed) ? undefined : parsed.name
    const others = new Set(
      [owner, ...rows.map(row => row.connector)].filter(one => one !== undefined && one !== name),
    )
    if (others.size > 0) throw new Error(`it holds the offsets of ${[...others].join(', ')}`)
    return { kind: 'set', offsets: rows.map(({ partition, offset }) => ({ partition, offset })) }
  } catch (error) {
    const reason = error instanceof z.ZodError ? describeIssue(error) : messageOf(error)
    throw new TribError('INPUT_INVALID', `${file} does not hold the offsets of ${name}: ${reason}`, {
      hint: `npx trib get offsets ${named(name, '-o json')} shows the shape`,
      cause: error,
    })
  }
}

function describeIssue({ issues: [issue] }: z.ZodError): string {
  return `${issue?.path.join('.') || 'the document'}: ${issue?.message ?? 'not understood'}`
}
