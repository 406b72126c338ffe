import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
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
    return stateSchema.parse(JSON.parse(readFileSync(join(stack.folder, 'stack.json'), 'utf8')))
  } catch {
    return undefined
  }
}

export function writeStackState(stack: Stack, state: StackState): void {
  mkdirSync(stack.folder, { recursive: true })
  const path = join(stack.folder, 'stack.json')
  writeFileSync(`${path}.new`, `${JSON.stringify(state, undefined, 2)}\n`)
  renameSync(`${path}.new`, path)
}
