import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { TestStack } from '../support/trib.ts'

export interface Status {
  readonly service: string
  readonly state: string
  readonly detail: string
  readonly port: number
}

export async function statesOf(stack: TestStack): Promise<Readonly<Record<string, string>>> {
  const status = await stack.json<Status[]>(['status'])
  return Object.fromEntries(status.map(({ service, state }) => [service, state]))
}

export const allHealthy = Object.fromEntries(
  [
    ...['kafka-1', 'kafka-2', 'kafka-3', 'connect', 'community-db', 'sites-db', 'warehouse'],
    ...['community-generator', 'sites-generator', 'console'],
  ].map(service => [service, 'healthy']),
)

/** What `up` knows of a stack: settings, engine, processes. */
export function knownOf({ folder }: TestStack): readonly (readonly [string, string])[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(name => !name.startsWith('data/') && /(\.env|\.json|\.properties)$/.test(name))
    .sort()
    .map(name => [name, readFileSync(join(folder, name), 'utf8')])
}

/** Every file with its size and the time of its last change. */
export function filesOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .map(name => {
      const { size, mtimeMs } = statSync(join(folder, name))
      return `${name} ${size} ${mtimeMs}`
    })
}

/** `up` says in one line what it changed, where that is little. */
export function changesIn(stderr: string): readonly string[] | undefined {
  return /^up in [\d.]+ s: (.*)$/m.exec(stderr)?.[1]?.split('; ')
}
