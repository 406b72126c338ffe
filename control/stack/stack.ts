import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { TribError } from '../errors/trib-error.ts'

/** One running copy of the topology: its folder, its env file, its compose project. Several lie side by side. */
export interface Stack {
  readonly name: string
  /** The clone. */
  readonly root: string
  /** Everything the stack writes natively: data, logs, process ids. Removed by `down --volumes`. */
  readonly folder: string
  readonly envFile: string
  readonly composeFile: string
  /** Unique on this machine: the compose project, and the name of folders outside the clone. */
  readonly id: string
}

export const defaultStackName = 'default'

export function openStack(root: string, name: string): Stack {
  if (!/^[a-z0-9][a-z0-9-]{0,30}$/.test(name)) {
    throw new TribError(
      'USAGE',
      `--stack '${name}' is not a stack name: at most 31 lower-case letters, digits and dashes`,
    )
  }
  const folder = join(root, '.tributary', name)
  const clone = createHash('sha256').update(root).digest('hex').slice(0, 6)
  // The default stack's file is where plain `docker compose` looks for it.
  const envFile = name === defaultStackName ? join(root, '.env') : join(folder, '.env')
  const fresh = name === defaultStackName ? `tributary-${clone}` : `tributary-${clone}-${name}`
  return {
    name,
    root,
    folder,
    envFile,
    composeFile: join(root, 'docker-compose.yml'),
    // Once given it stays, also when the clone moves: volumes are found by it.
    id: recordedProject(envFile) ?? fresh,
  }
}

/** Where every config that was applied to the stack is kept. */
export function historyFolder({ folder }: Stack): string {
  return join(folder, 'history')
}

function recordedProject(envFile: string): string | undefined {
  if (!existsSync(envFile)) return undefined
  return /^COMPOSE_PROJECT_NAME=["']?([a-z0-9][a-z0-9_-]*)["']?\s*$/m.exec(readFileSync(envFile, 'utf8'))?.[1]
}
