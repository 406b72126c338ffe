import * as z from 'zod'
import { storedPathSchema, toStoredPath } from './stored-path.ts'

const instead = 'write {env: NAME}, {file: PATH} or {command: "…"} instead'
const kinds = ['env', 'file', 'command'] as const

/** Where a secret is found; the secret itself never stands in a context. No message shows what was refused. */
export const secretReferenceSchema = z
  .strictObject(
    {
      /** Name of an environment variable. */
      env: z
        .string()
        .regex(/^[A-Za-z_]\w*$/, { error: 'is no name of a variable' })
        .optional(),
      /** Path of a file that holds nothing else. */
      file: storedPathSchema.optional(),
      /** What `sh -c` runs; its stdout is the secret. */
      command: z.string().min(1, { error: 'is empty' }).optional(),
    },
    {
      error: ({ code, input }) => {
        if (code !== 'invalid_type') return undefined
        return `${input === null || input === undefined ? 'is empty' : 'is a secret in clear'}; ${instead}`
      },
    },
  )
  .refine(reference => kinds.filter(kind => reference[kind] !== undefined).length === 1, {
    error: `must name exactly one place; ${instead}`,
  })

export type SecretReference = z.infer<typeof secretReferenceSchema>

/** `env:NAME`, `file:PATH` or `command:…` of the command line; undefined: none of them, so perhaps a secret. */
export function toSecretReference(text: string): SecretReference | undefined {
  const [, kind, value = ''] = /^(env|file|command):(.+)$/s.exec(text) ?? []
  switch (kind) {
    case 'env':
      return { env: value }
    case 'file':
      return { file: toStoredPath(value) }
    case 'command':
      return { command: value }
    default:
      return undefined
  }
}
